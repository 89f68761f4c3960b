package driver

import (
	"bytes"
	"go/token"
)

// hasLineDirective reports whether source may say itself which line it is.
func hasLineDirective(src []byte) bool {
	return bytes.HasPrefix(src, []byte("//line ")) || bytes.Contains(src, []byte("\n//line ")) || bytes.Contains(src, []byte("/*line "))
}

// skim returns the source of a file with empty bodies of functions that are
// declared. Lines and columns of all else stay; offsets do not. It only looks
// for where bodies begin and end, which takes a small part of the time of
// parsing them. Source that it is not sure of is returned as it is, so that
// the parser judges it.
func skim(src []byte) []byte {
	if hasLineDirective(src) {
		return src // lines are counted anew from somewhere in a body, perhaps
	}
	var (
		out   []byte
		kept  int               // what is before is in out
		depth int               // of parentheses, brackets and braces
		fn    bool              // in the head of a function
		last  = token.SEMICOLON // the token before, as far as it matters
	)
	// newline ends what is complete.
	newline := func() {
		if last == token.IDENT && depth == 0 {
			last, fn = token.SEMICOLON, false
		}
	}
	for i := 0; i < len(src); {
		switch c := src[i]; {
		case c == '\n':
			newline()
			i++
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case c == '/' && i+1 < len(src) && (src[i+1] == '/' || src[i+1] == '*'):
			end := skipComment(src, i)
			if bytes.IndexByte(src[i:end], '\n') >= 0 {
				newline()
			}
			i = end
		case c == '"' || c == '\'' || c == '`':
			i = skipQuoted(src, i)
			last = token.IDENT // of its kind: a line may end after it
		case isLetter(c):
			start := i
			for i < len(src) && (isLetter(src[i]) || '0' <= src[i] && src[i] <= '9') {
				i++
			}
			word := token.Lookup(string(src[start:i]))
			if word == token.FUNC && last == token.SEMICOLON && depth == 0 {
				fn = true
			}
			last = word
		case '0' <= c && c <= '9':
			i++
			last = token.IDENT
		case c == '(' || c == '[':
			depth++
			i++
			last = token.LPAREN
		case c == '{' && fn && depth == 0 && last != token.STRUCT && last != token.INTERFACE:
			end := skipBlock(src, i)
			if end < 0 {
				return src
			}
			out = append(out, src[kept:i+1]...)
			out = appendBlank(out, src[i+1:end-1])
			kept = end - 1
			i = end
			fn, last = false, token.IDENT
		case c == '{':
			depth++
			i++
			last = token.LPAREN
		case c == ')' || c == ']' || c == '}':
			depth--
			i++
			last = token.IDENT
		case c == ';':
			if i++; depth == 0 {
				fn = false
			}
			last = token.SEMICOLON
		default:
			i++
			last = token.PERIOD
		}
	}
	return append(out, src[kept:]...)
}

func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}

// skipComment returns where the comment that begins at i ends. A newline after
// a line comment is not part of it.
func skipComment(src []byte, i int) int {
	if src[i+1] == '/' {
		if n := bytes.IndexByte(src[i:], '\n'); n >= 0 {
			return i + n
		}
		return len(src)
	}
	if n := bytes.Index(src[i+2:], []byte("*/")); n >= 0 {
		return i + 2 + n + 2
	}
	return len(src)
}

// skipQuoted returns where the literal that begins at i ends. One that is not
// closed ends with its line, as it does for the parser.
func skipQuoted(src []byte, i int) int {
	quote := src[i]
	if quote == '`' {
		if n := bytes.IndexByte(src[i+1:], '`'); n >= 0 {
			return i + 1 + n + 1
		}
		return len(src)
	}
	for i++; i < len(src) && src[i] != '\n'; i++ {
		switch src[i] {
		case quote:
			return i + 1
		case '\\':
			i++
		}
	}
	return min(i, len(src))
}

// skipBlock returns where the block that begins at i ends, or -1 if it does
// not.
func skipBlock(src []byte, i int) int {
	for depth := 0; i < len(src); {
		switch src[i] {
		case '{':
			depth++
			i++
		case '}':
			i++
			if depth--; depth == 0 {
				return i
			}
		case '"', '\'', '`':
			i = skipQuoted(src, i)
		case '/':
			if i+1 < len(src) && (src[i+1] == '/' || src[i+1] == '*') {
				i = skipComment(src, i)
			} else {
				i++
			}
		default:
			i++
		}
	}
	return -1
}

// appendBlank appends as many lines as the text has, and blanks so that what
// follows has the same column.
func appendBlank(out, text []byte) []byte {
	for range bytes.Count(text, []byte("\n")) {
		out = append(out, '\n')
	}
	for range len(text) - bytes.LastIndexByte(text, '\n') - 1 {
		out = append(out, ' ')
	}
	return out
}
