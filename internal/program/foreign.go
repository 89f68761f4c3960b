package program

// This file answers which facts an engine believes: none about a client
// library.

import (
	"go/types"

	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/analysis"
)

// WithoutLibraries is a pass of an engine that sees no facts about the packages of client
// libraries: the rows say all there is to say. Our own driver makes none;
// golangci-lint and nogo analyse every dependency, and would find out more
// than the rows say, or something else.
func WithoutLibraries(pass *analysis.Pass, table *redisapi.Table) *analysis.Pass {
	foreign := func(pkg *types.Package) bool {
		return pkg != nil && pkg != pass.Pkg && table.Covers(pkg.Path())
	}
	p := *pass
	p.ImportObjectFact = func(obj types.Object, fact analysis.Fact) bool {
		return !foreign(obj.Pkg()) && pass.ImportObjectFact(obj, fact)
	}
	p.ImportPackageFact = func(pkg *types.Package, fact analysis.Fact) bool {
		return !foreign(pkg) && pass.ImportPackageFact(pkg, fact)
	}
	return &p
}
