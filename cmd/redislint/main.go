// Redislint finds Redis connections that leak. It checks the packages named
// on its command line, and it is a vet tool:
//
//	redislint ./...
//	go vet -vettool=$(which redislint) ./...
package main

import (
	"os"

	"github.com/redislint/redislint"
	"github.com/redislint/redislint/internal/driver"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/why"
)

// checklist is what the code should pass, as the driver takes it.
func checklist() []driver.Requirement {
	var list []driver.Requirement
	for _, r := range redislint.Checklist() {
		list = append(list, driver.Requirement(r))
	}
	return list
}

func main() {
	tool := driver.Tool{
		Name:      "redislint",
		URL:       "https://github.com/redislint/redislint",
		Analyzers: redislint.Analyzers(),
		Why:       why.Analyzer,
		Checklist: checklist(),
		Covers: func(extra string) (func(string) bool, error) {
			table, err := redisapi.New(extra)
			if err != nil {
				return nil, err
			}
			return table.Covers, nil
		},
		Symbols: func(extra string) []driver.Symbol {
			library, err := redisapi.Parse(extra)
			if err != nil {
				return nil // Covers says so
			}
			var list []driver.Symbol
			for _, r := range library.Rows {
				list = append(list, driver.Symbol{Text: r.String(), Path: r.Path, Recv: r.Recv, Name: r.Name})
			}
			return list
		},
		Looks: redisapi.LooksLikeClient,
	}
	os.Exit(tool.Main(os.Args[1:], os.Stdout, os.Stderr))
}
