package telegram

import (
	"context"
	"strconv"
	"sync"
	"time"

	"experthour/internal/connector"
)

// movedFor is how long it is remembered that a group became a supergroup. Telegram
// says it again to whoever writes to the old one.
const movedFor = 7 * 24 * time.Hour

// moves knows which supergroups groups became. What is kept in sessions and in the
// configuration stays the old id.
type moves struct {
	memory connector.Memory

	mu    sync.Mutex
	known map[int64]int64 // those that moved, as far as this replica knows
}

// now is the id that a chat has today.
func (m *moves) now(ctx context.Context, chat int64) int64 {
	if isPrivate(chat) {
		return chat
	}
	if to := m.last(chat); to != 0 {
		return to
	}
	raw, ok, err := m.memory.Recall(ctx, memoryMoved+strconv.FormatInt(chat, 10))
	if err != nil || !ok {
		return chat // and Telegram says it again
	}
	to, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return chat
	}
	m.set(chat, to)
	return to
}

// last is the id that a chat has as far as this replica knows without asking; 0 is not.
func (m *moves) last(chat int64) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.known[chat]
}

func (m *moves) set(chat, to int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[chat] = to
}

// learn keeps that a chat moved.
func (m *moves) learn(ctx context.Context, chat, to int64) error {
	if chat == 0 || to == 0 || chat == to {
		return nil
	}
	m.set(chat, to)
	return m.memory.Keep(ctx, memoryMoved+strconv.FormatInt(chat, 10), strconv.AppendInt(nil, to, 10), movedFor)
}
