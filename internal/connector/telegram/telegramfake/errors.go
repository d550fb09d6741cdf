package telegramfake

import (
	"fmt"
	"net/http"
)

// apiError is an answer that is not ok.
type apiError struct {
	code       int
	text       string // with its prefix, as in the answer
	retryAfter int
	migratedTo int64
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s", e.code, e.text) }

func badRequest(format string, args ...any) *apiError {
	return &apiError{code: http.StatusBadRequest, text: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func forbidden(format string, args ...any) *apiError {
	return &apiError{code: http.StatusForbidden, text: "Forbidden: " + fmt.Sprintf(format, args...)}
}

func tooMany(seconds int) *apiError {
	return &apiError{
		code: http.StatusTooManyRequests, retryAfter: seconds,
		text: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
	}
}

func migrated(to int64) *apiError {
	e := badRequest("group chat was upgraded to a supergroup chat")
	e.migratedTo = to
	return e
}
