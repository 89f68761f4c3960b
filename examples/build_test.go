package examples

import (
	"os"
	"os/exec"
	"testing"
)

// The programs are read as examples, so they must compile.
func TestBuild(t *testing.T) {
	for _, dir := range []string{"./leaky", "./repaired"} {
		cmd := exec.Command("go", "build", "-o", os.DevNull, dir)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("go build %s: %v\n%s", dir, err, out)
		}
	}
}
