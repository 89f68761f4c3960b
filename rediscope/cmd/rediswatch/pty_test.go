//go:build linux

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/redislint/redislint/rediscope/internal/redistest"
)

// openPTY opens a terminal of 24 rows: what is written to main is typed on tty.
func openPTY(t *testing.T) (main, tty *os.File) {
	t.Helper()
	main, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { main.Close() })
	control := func(request uintptr, arg unsafe.Pointer) {
		t.Helper()
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, main.Fd(), request, uintptr(arg)); errno != 0 {
			t.Fatal(errno)
		}
	}
	var locked, number int32
	control(syscall.TIOCSPTLCK, unsafe.Pointer(&locked))
	control(syscall.TIOCGPTN, unsafe.Pointer(&number))
	window := [4]uint16{24, 80}
	control(syscall.TIOCSWINSZ, unsafe.Pointer(&window))
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { tty.Close() })
	return main, tty
}

// onTerminal starts the command on a terminal, and collects what it writes.
func onTerminal(t *testing.T, args ...string) (main io.Writer, out *pipe, wait func() int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ptm, tty := openPTY(t)
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), asMain+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tty.Close()
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // it has ended
	out = &pipe{}
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(out, ptm) // ends with an error when the terminal is closed
	}()
	return ptm, out, func() int {
		_ = cmd.Wait() // the status tells
		<-read
		return cmd.ProcessState.ExitCode()
	}
}

// Ctrl-C on a terminal leaves it as it was, and no connection.
func TestCtrlC(t *testing.T) {
	s := redistest.Start(t)
	for range 3 {
		defer s.Dial().Close()
	}
	keys, out, wait := onTerminal(t, "-url", s.URL(), "-interval", "100ms", "-max", "2")
	text := out.wait(t, "(unnamed)  3")
	if !strings.HasPrefix(text, enter+home+"rediswatch ") || !strings.Contains(text, "LIMIT: ") || strings.Contains(text, leave) {
		t.Errorf("%q", text)
	}
	fmt.Fprint(keys, "\x03")
	if status := wait(); status != exceeded {
		t.Errorf("status %d", status)
	}
	_, after, ok := strings.Cut(out.wait(t, leave), leave)
	// The echo of Ctrl-C, by the terminal, is before.
	if lines := strings.Split(strings.TrimSpace(after), "\r\n"); !ok || len(lines) != 2 ||
		!strings.Contains(lines[0], " 3 connections ") || !strings.HasPrefix(lines[1], "rediswatch: ") || strings.Contains(after, "\x1b") {
		t.Errorf("after it has left: %q", after)
	}
	s.WaitClients(3)
}

// A single look needs no other screen.
func TestOnceOnTerminal(t *testing.T) {
	s := redistest.Start(t)
	defer s.Dial().Close()
	_, out, wait := onTerminal(t, "-url", s.URL(), "-once")
	if status := wait(); status != fine {
		t.Errorf("status %d", status)
	}
	if text := out.wait(t, "(unnamed)  1"); strings.Contains(text, "\x1b") || !strings.Contains(text, "\r\nNAME ") {
		t.Errorf("%q", text)
	}
}
