package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// run watches until ctx ends or all looks are done, and returns the exit status.
func (s *settings) run(ctx context.Context, stdout, stderr io.Writer) (status int, err error) {
	w := &servers{settings: s, known: map[string]*server{}}
	defer w.close()
	out := s.screen(stdout)
	var last report
	over := false
	defer func() {
		err = errors.Join(err, out.close())
		for _, e := range last.Exceeded {
			fmt.Fprintln(stderr, "rediswatch:", e)
		}
	}()

	tick := time.NewTicker(s.interval)
	defer tick.Stop()
	h := history{}
	for look := 1; ; look++ {
		answers, err := w.watch(ctx)
		if ctx.Err() != nil {
			break // an answer that was cut short says nothing
		}
		if err != nil {
			answers = []answer{{addr: s.options.Addr, err: err}}
		}
		// A first look that sees nothing speaks of a wrong address.
		if err := reached(answers); err != nil && look == 1 {
			return failed, err
		}
		last = s.report(time.Now(), answers, h)
		over = over || len(last.Exceeded) > 0
		if err := out.show(last); err != nil {
			return failed, err
		}
		if look == s.looks {
			break
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
		if ctx.Err() != nil {
			break
		}
	}
	switch {
	case over:
		return exceeded, nil
	case unreached(last):
		return failed, errors.New("not all servers could be asked")
	}
	return fine, nil
}

// reached is nil if any server has answered.
func reached(answers []answer) error {
	var errs []error
	for _, a := range answers {
		if a.err == nil {
			return nil
		}
		errs = append(errs, fmt.Errorf("%s: %w", a.addr, a.err))
	}
	return errors.Join(errs...)
}

func unreached(r report) bool {
	for _, n := range r.Servers {
		if n.Error != "" {
			return true
		}
	}
	return false
}
