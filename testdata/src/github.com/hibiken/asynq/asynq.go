// Package asynq is a stub: the signatures the tests need, and no bodies worth
// reading.
package asynq

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// RedisConnOpt says how to connect.
type RedisConnOpt interface {
	MakeRedisClient() interface{}
}

// RedisClientOpt connects to one server.
type RedisClientOpt struct {
	Addr         string
	Password     string
	DB           int
	DialTimeout  time.Duration
	ReadTimeout  time.Duration
	WriteTimeout time.Duration
}

func (opt RedisClientOpt) MakeRedisClient() interface{} { return redis.NewClient(nil) }

// ParseRedisURI parses an address.
func ParseRedisURI(uri string) (RedisConnOpt, error) { return RedisClientOpt{}, nil }

// Task is a unit of work.
type Task struct{ typename string }

// NewTask makes a task.
func NewTask(typename string, payload []byte, opts ...Option) *Task { return &Task{typename} }

// Option configures a task.
type Option interface{ String() string }

// TaskInfo describes a task.
type TaskInfo struct{ ID string }

// QueueInfo describes a queue.
type QueueInfo struct{ Size int }

// Client enqueues tasks.
type Client struct{}

func NewClient(r RedisConnOpt) *Client                         { return &Client{} }
func NewClientFromRedisClient(c redis.UniversalClient) *Client { return &Client{} }

func (c *Client) Close() error { return nil }
func (c *Client) Ping() error  { return nil }
func (c *Client) Enqueue(task *Task, opts ...Option) (*TaskInfo, error) {
	return &TaskInfo{}, nil
}
func (c *Client) EnqueueContext(ctx context.Context, task *Task, opts ...Option) (*TaskInfo, error) {
	return &TaskInfo{}, nil
}

// Inspector inspects queues.
type Inspector struct{}

func NewInspector(r RedisConnOpt) *Inspector                         { return &Inspector{} }
func NewInspectorFromRedisClient(c redis.UniversalClient) *Inspector { return &Inspector{} }

func (i *Inspector) Close() error                                  { return nil }
func (i *Inspector) Queues() ([]string, error)                     { return nil, nil }
func (i *Inspector) GetQueueInfo(queue string) (*QueueInfo, error) { return nil, nil }

// Handler processes tasks.
type Handler interface {
	ProcessTask(context.Context, *Task) error
}

// HandlerFunc is a Handler.
type HandlerFunc func(context.Context, *Task) error

func (fn HandlerFunc) ProcessTask(ctx context.Context, task *Task) error { return fn(ctx, task) }

// Config configures a server.
type Config struct {
	Concurrency int
	Queues      map[string]int
}

// Server processes tasks.
type Server struct{}

func NewServer(r RedisConnOpt, cfg Config) *Server                         { return &Server{} }
func NewServerFromRedisClient(c redis.UniversalClient, cfg Config) *Server { return &Server{} }

func (srv *Server) Run(handler Handler) error   { return nil }
func (srv *Server) Start(handler Handler) error { return nil }
func (srv *Server) Stop()                       {}
func (srv *Server) Shutdown()                   {}
func (srv *Server) Ping() error                 { return nil }

// SchedulerOpts configures a scheduler.
type SchedulerOpts struct{ Location *time.Location }

// Scheduler enqueues periodic tasks.
type Scheduler struct{}

func NewScheduler(r RedisConnOpt, opts *SchedulerOpts) *Scheduler { return &Scheduler{} }

func (s *Scheduler) Register(cronspec string, task *Task, opts ...Option) (entryID string, err error) {
	return "", nil
}
func (s *Scheduler) Run() error   { return nil }
func (s *Scheduler) Start() error { return nil }
func (s *Scheduler) Shutdown()    {}
