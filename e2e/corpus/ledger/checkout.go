package ledger

import (
	"fmt"
	"os/exec"
	"strings"
)

// Head is the commit of the checkout whose top folder dir is.
func Head(dir string) (string, error) {
	out, err := exec.Command("git", "-C", dir, "rev-parse", "HEAD", "--show-prefix").Output()
	if err != nil {
		return "", fmt.Errorf("%s is no checkout: %w", dir, err)
	}
	head, prefix, _ := strings.Cut(string(out), "\n")
	if strings.TrimSpace(prefix) != "" {
		return "", fmt.Errorf("%s is a folder of a checkout, not its top", dir)
	}
	return head, nil
}

// At reports whether a folder is a checkout at a commit.
func At(dir, commit string) bool {
	head, err := Head(dir)
	return err == nil && head == commit
}
