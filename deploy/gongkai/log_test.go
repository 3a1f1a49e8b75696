package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// written is a log file that counts how often it is written to.
type written struct {
	mu    sync.Mutex
	text  bytes.Buffer
	times int
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.times++
	return w.text.Write(p)
}

func (w *written) seen() (lines, times int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Count(w.text.String(), "\n"), w.times
}

// TestLogger_Together checks that lines are written together, soon after the first one.
func TestLogger_Together(t *testing.T) {
	was := slog.Default()
	defer slog.SetDefault(was)
	synctest.Test(t, func(t *testing.T) {
		file := new(written)
		l := logger(&lines{w: file}, slog.LevelInfo)
		for turn := 1; turn <= 3; turn++ {
			for range 5 {
				l.Info("call")
			}
			if n, _ := file.seen(); n != 5*(turn-1) {
				t.Errorf("turn %d: %d lines are written at once", turn, n)
			}
			time.Sleep(2 * logDelay)
			synctest.Wait()
			if n, times := file.seen(); n != 5*turn || times != turn {
				t.Errorf("turn %d: %d lines in %d writes", turn, n, times)
			}
		}
	})
}

// TestLogger_AtOnce checks that a warning is written at once, after what came before it, also by a logger derived.
func TestLogger_AtOnce(t *testing.T) {
	was := slog.Default()
	defer slog.SetDefault(was)
	for name, derive := range map[string]func(*slog.Logger) *slog.Logger{
		"itself":     func(l *slog.Logger) *slog.Logger { return l },
		"attributes": func(l *slog.Logger) *slog.Logger { return l.With("a", 1) },
		"group":      func(l *slog.Logger) *slog.Logger { return l.WithGroup("g") },
	} {
		file := new(written)
		l := derive(logger(&lines{w: file}, slog.LevelInfo))
		l.Info("first")
		l.Warn("second", "b", 2)
		if got := file.text.String(); !strings.Contains(got, "first") || strings.Index(got, "second") < strings.Index(got, "first") {
			t.Errorf("%s: written is %q", name, got)
		}
	}
}

// TestLines_NoneLost checks that many goroutines' lines are all written, whole, and each goroutine's in order, and that
// what waits stays bounded.
func TestLines_NoneLost(t *testing.T) {
	const writers, each = 8, 2000
	file := new(written)
	l := &lines{w: file}
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				fmt.Fprintf(l, "%d %d %s\n", w, i, strings.Repeat("x", 100))
			}
		})
	}
	all.Wait()
	l.flush()
	next := make([]int, writers)
	for line := range strings.Lines(file.text.String()) {
		var w, i int
		if _, err := fmt.Sscanf(line, "%d %d", &w, &i); err != nil || len(line) < 100 {
			t.Fatalf("line %q is cut", line)
		}
		if i != next[w] {
			t.Fatalf("writer %d: line %d comes after %d", w, i, next[w]-1)
		}
		next[w]++
	}
	for w, n := range next {
		if n != each {
			t.Errorf("writer %d: %d lines of %d", w, n, each)
		}
	}
	l.mu.Lock() // a late flush may still run
	defer l.mu.Unlock()
	if c := cap(l.waiting); c > 4*logBuffer {
		t.Errorf("%d bytes waited", c)
	}
}
