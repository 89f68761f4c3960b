package report

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// docs/formats.md promises the fields of the JSON, so it names each of them.
func TestFieldsAreDocumented(t *testing.T) {
	data, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(data), "\n## JSON\n")
	text, _, _ = strings.Cut(text, "\n## ")
	documented := map[string]bool{}
	for _, m := range regexp.MustCompile("`([a-z]+)`").FindAllStringSubmatch(text, -1) {
		documented[m[1]] = true
	}
	var visit func(reflect.Type)
	visit = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct {
			return
		}
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if !documented[name] {
				t.Errorf("docs/formats.md does not say what %q is", name)
			}
			visit(typ.Field(i).Type)
		}
	}
	visit(reflect.TypeFor[jsonFinding]())
}

func TestWidth(t *testing.T) {
	for s, want := range map[string]int{
		"a": 1, "é": 1, "e\u0301": 1, "数": 2, "ｱ": 1, "ア": 2, "한": 2, "Ａ": 2, "📦": 2, "→": 1, "☕": 2, "\u200b": 0, "𠀀": 2, "𝒜": 1, "界世": 4,
	} {
		got := 0
		for _, r := range s {
			got += width(r)
		}
		if got != want {
			t.Errorf("%q takes %d columns, want %d", s, got, want)
		}
	}
}
