package driver

import (
	"go/types"
	"strings"
	"testing"
)

// Export data that this program cannot read is an error, whichever way the
// standard library fails.
func TestImportExports(t *testing.T) {
	broken := importFunc(func(string) (*types.Package, error) { panic("version 4 is greater than 2") })
	_, err := importExports(broken, "context")
	if err == nil || !strings.Contains(err.Error(), "version 4 is greater than 2; this program was built with go") {
		t.Errorf("error is %v", err)
	}
}
