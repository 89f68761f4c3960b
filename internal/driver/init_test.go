package driver

import "testing"

// A workflow names what git knows.
func TestPinned(t *testing.T) {
	const commit = "4aabc6b4cd1d0123456789abcdef0123456789ab"
	for _, test := range []struct{ version, commit, want string }{
		{"v0.1.0", "", "v0.1.0"},
		{"v0.1.0", commit, "v0.1.0"},
		{"devel", "", "main"},
		{"devel", commit, commit},
		{"v0.0.0-20261130023222-4aabc6b4cd1d", commit, commit},
		{"v0.0.0-20261130023222-4aabc6b4cd1d+dirty", commit, commit},
		{"v0.0.0-20261130023222-4aabc6b4cd1d", "", "main"},
		{"v0.1.0+dirty", "", "main"},
	} {
		if got := pinned(test.version, test.commit); got != test.want {
			t.Errorf("%s %s: %s, want %s", test.version, test.commit, got, test.want)
		}
	}
}
