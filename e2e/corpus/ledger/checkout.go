package ledger

import (
	"fmt"
	"os/exec"
	"path/filepath"
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

// Find returns the checkout of a repository at a commit, in a folder of
// checkouts: OWNER+NAME, or OWNER+NAME@COMMIT with twelve digits for the sides
// of a repair, of which some lines were read and not the whole. The error says
// what is there instead.
func Find(trees, repo, commit string) (dir string, whole bool, err error) {
	name := strings.Replace(repo, "/", "+", 1)
	side := filepath.Join(trees, name+"@"+commit[:12])
	if head, err := Head(side); err == nil && head == commit {
		dir, err = filepath.EvalSymlinks(side)
		return dir, false, err
	}
	dir = filepath.Join(trees, name)
	switch head, err := Head(dir); {
	case err != nil:
		return "", false, fmt.Errorf("%s: there is no checkout in %s", repo, dir)
	case head != commit:
		return "", false, fmt.Errorf("%s: %s is at commit %.12s, the ledger is about %.12s", repo, dir, head, commit)
	}
	dir, err = filepath.EvalSymlinks(dir)
	return dir, true, err
}
