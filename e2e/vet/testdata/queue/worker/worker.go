// Package worker makes asynq's parts.
package worker

import "github.com/hibiken/asynq"

//rules unclosed undeferred singleton

var redis = asynq.RedisClientOpt{Addr: "localhost:6379"}

// Queue owns a client of asynq.
type Queue struct {
	client    *asynq.Client
	inspector *asynq.Inspector
}

// NewQueue opens a queue. The caller must close it.
func NewQueue() *Queue {
	return &Queue{client: asynq.NewClient(redis), inspector: asynq.NewInspector(redis)}
}

// Put enqueues a task.
func (q *Queue) Put(typename string) error {
	_, err := q.client.Enqueue(asynq.NewTask(typename, nil))
	return err
}

// Close closes both.
func (q *Queue) Close() error {
	if err := q.client.Close(); err != nil {
		q.inspector.Close()
		return err
	}
	return q.inspector.Close()
}
