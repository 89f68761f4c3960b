// Package newline keeps the line endings of a file in what is inserted into it.
package newline

import (
	"bytes"
	"strings"
)

// Like returns a text that is to be inserted at an offset of a source with
// the line ending that the source has there: that of the line around it, or of
// the one before if there is none after it.
func Like(source []byte, at int, text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	end := bytes.IndexByte(source[at:], '\n')
	if end >= 0 {
		end += at
	} else {
		end = bytes.LastIndexByte(source[:at], '\n')
	}
	if end < 1 || source[end-1] != '\r' {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
}
