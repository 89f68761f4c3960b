package leaktest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// A row is one thing that is left.
type row struct {
	what, name, age, idle, command, address string
}

// left lists what is there after and was not before.
func left(before, after view) []row {
	return append(leftConnections(before, after), leftGoroutines(before, after)...)
}

func leftConnections(before, after view) []row {
	if after.connections == nil {
		if n := after.count - before.count; n > 0 {
			return []row{{what: several(n, "connection"), address: "(the server does not tell whose)"}}
		}
		return nil
	}
	var left []key
	for k := range after.connections {
		if _, ok := before.connections[k]; !ok {
			left = append(left, k)
		}
	}
	slices.SortFunc(left, func(a, b key) int { return cmp.Compare(a.id, b.id) })
	var rows []row
	for _, k := range left {
		c := after.connections[k]
		rows = append(rows, row{
			"connection", c.Name, seconds(c.Age), seconds(c.Idle), c.Cmd, c.Addr,
		})
	}
	return rows
}

func leftGoroutines(before, after view) []row {
	var rows []row
	for what, n := range after.goroutines {
		if n -= before.goroutines[what]; n > 0 {
			rows = append(rows, row{what: several(n, "goroutine"), address: what})
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.address, b.address) })
	return rows
}

func table(rows []row) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "LEFT\tNAME\tAGE\tIDLE\tLAST COMMAND\tADDRESS")
	for _, r := range rows {
		cells := []string{r.what, r.name, r.age, r.idle, r.command, r.address}
		for i, cell := range cells {
			cells[i] = cmp.Or(cell, "-")
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	_ = w.Flush() // a Builder takes all
	return strings.TrimSuffix(out.String(), "\n")
}

func seconds(d time.Duration) string { return fmt.Sprintf("%ds", int(d.Seconds())) }

func several(n int, word string) string {
	if n == 1 {
		return word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
