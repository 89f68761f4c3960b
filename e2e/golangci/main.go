// Command golangci is golangci-lint with redislint linked in: what
// "golangci-lint custom" makes of docs/golangci/.custom-gcl.yml, without the
// clone of golangci-lint's repository.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/redislint/redislint/gclplugin"
)

func main() {
	info := commands.BuildInfo{GoVersion: runtime.Version(), Version: "unknown"}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range build.Deps {
			if dep.Path == "github.com/golangci/golangci-lint/v2" {
				info.Version = dep.Version
			}
		}
	}
	if err := commands.Execute(info); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitcodes.Failure)
	}
}
