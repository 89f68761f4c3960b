package edit

import (
	"bytes"
	"go/format"
)

// Format formats what has become of a Go file, if the file was formatted
// before: the change of a line must not bring about others. A file with a
// byte order mark, or whose lines all end in CR LF, keeps both; gofmt itself
// would drop them.
func Format(before, after []byte) ([]byte, error) {
	s := styleOf(before)
	plain := s.strip(before)
	if formatted, err := format.Source(plain); err != nil || !bytes.Equal(formatted, plain) {
		return after, nil
	}
	out, err := format.Source(s.strip(after))
	if err != nil {
		return nil, err
	}
	return s.restore(out), nil
}

const byteOrderMark = "\ufeff"

// style is what gofmt would change in a file although it is no matter of form.
type style struct {
	mark bool // it begins with a byte order mark
	crlf bool // all its lines end in CR LF
}

func styleOf(source []byte) style {
	n := bytes.Count(source, []byte("\n"))
	return style{
		mark: bytes.HasPrefix(source, []byte(byteOrderMark)),
		crlf: n > 0 && n == bytes.Count(source, []byte("\r\n")),
	}
}

func (s style) strip(source []byte) []byte {
	if s.mark {
		source = bytes.TrimPrefix(source, []byte(byteOrderMark))
	}
	if s.crlf {
		source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	}
	return source
}

func (s style) restore(source []byte) []byte {
	if s.crlf {
		source = bytes.ReplaceAll(source, []byte("\n"), []byte("\r\n"))
	}
	if s.mark {
		source = append([]byte(byteOrderMark), source...)
	}
	return source
}
