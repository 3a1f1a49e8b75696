package main

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// logDelay is how long a line of the log may wait to be written together with others.
	logDelay = 100 * time.Millisecond
	// logBuffer is how many bytes wait at most.
	logBuffer = 256 << 10
)

// lines writes log lines, many at once: a call does not wait for the disk that its line goes to. Lines that wait are
// written after a short while, when there are many, and by flush.
type lines struct {
	w io.Writer

	writing sync.Mutex // held while w is written to, and taken before mu
	mu      sync.Mutex // guards what follows
	waiting []byte
	spare   []byte // to be used again
}

// Write takes a line. It never fails: there is nobody to tell of a log that cannot be written.
func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	first := len(l.waiting) == 0
	l.waiting = append(l.waiting, line...)
	full := len(l.waiting) >= logBuffer
	l.mu.Unlock()
	if first {
		time.AfterFunc(logDelay, l.flush)
	}
	if full {
		l.flush() // whoever logs faster than the disk takes waits for it
	}
	return len(line), nil
}

// flush writes the lines that wait.
func (l *lines) flush() {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	out := l.waiting
	l.waiting = l.spare[:0]
	l.mu.Unlock()
	if len(out) > 0 {
		_, _ = l.w.Write(out)
	}
	l.mu.Lock()
	l.spare = out
	l.mu.Unlock()
}

// prompt is a handler whose warnings and errors are written at once, with what came before them.
type prompt struct {
	slog.Handler
	lines *lines
}

// Handle implements [slog.Handler].
func (p prompt) Handle(ctx context.Context, r slog.Record) error {
	err := p.Handler.Handle(ctx, r)
	if r.Level >= slog.LevelWarn {
		p.lines.flush()
	}
	return err
}

// WithAttrs implements [slog.Handler].
func (p prompt) WithAttrs(attrs []slog.Attr) slog.Handler {
	return prompt{p.Handler.WithAttrs(attrs), p.lines}
}

// WithGroup implements [slog.Handler].
func (p prompt) WithGroup(name string) slog.Handler {
	return prompt{p.Handler.WithGroup(name), p.lines}
}

// logger writes log lines of at least a level. What logs without a logger of its own uses it too.
func logger(to *lines, level slog.Level) *slog.Logger {
	l := slog.New(prompt{slog.NewTextHandler(to, &slog.HandlerOptions{Level: level}), to})
	slog.SetDefault(l)
	return l
}
