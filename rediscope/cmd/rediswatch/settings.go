package main

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"regexp"
	"time"

	"github.com/redis/go-redis/v9"
)

// settings are what the command line says.
type settings struct {
	options  *redis.Options // of the server, and of the others of its cluster
	cluster  bool
	interval time.Duration
	timeout  time.Duration // of one look
	looks    int           // 0 for no end
	json     bool
	max      int            // connections to a server, 0 for any number
	maxAge   time.Duration  // of a connection, 0 for any
	name     *regexp.Regexp // of the connections that are watched, nil for all
	old      time.Duration  // what makes a suspect
	idle     time.Duration
}

// parse reads the command line. It writes the help to w if asked for it, and
// returns flag.ErrHelp.
func parse(args []string, getenv func(string) string, w io.Writer) (*settings, error) {
	s := &settings{}
	fs := flag.NewFlagSet("rediswatch", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	// The default is not told to the flag, which would print it, password and all.
	rawURL := fs.String("url", "", "the server; rediss:// for TLS (default the variable REDIS_URL, or redis://localhost:6379)")
	user := fs.String("user", "", "ACL user, instead of that of the URL")
	ca := fs.String("cacert", "", "file with the certificates of authorities to trust")
	cert := fs.String("cert", "", "file with the certificate to show to the server")
	key := fs.String("key", "", "file with the key of -cert")
	insecure := fs.Bool("insecure", false, "trust any certificate")
	fs.BoolVar(&s.cluster, "cluster", false, "watch all nodes of the cluster")
	fs.DurationVar(&s.interval, "interval", 2*time.Second, "time between two looks")
	fs.DurationVar(&s.timeout, "timeout", 5*time.Second, "longest time for a look")
	once := fs.Bool("once", false, "look once, as -n 1")
	fs.IntVar(&s.looks, "n", 0, "number of looks; 0 goes on until interrupted")
	fs.BoolVar(&s.json, "json", false, "write a JSON object for each look")
	fs.IntVar(&s.max, "max", 0, "most connections that a server may have; 0 for any number")
	fs.DurationVar(&s.maxAge, "max-age", 0, "longest that a connection may be open; 0 for any time")
	name := fs.String("name", "", "watch only connections whose name matches this regular expression")
	fs.DurationVar(&s.old, "old", time.Minute, "age from which an idle connection is suspect")
	fs.DurationVar(&s.idle, "idle", 30*time.Second, "idle time from which an old connection is suspect")
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(w, "usage: rediswatch [flags]")
		fs.SetOutput(w)
		fs.PrintDefaults()
		return nil, err
	} else if err != nil {
		return nil, err
	}
	if *once {
		if s.looks != 0 {
			return nil, errors.New("-once and -n exclude each other")
		}
		s.looks = 1
	}
	switch {
	case fs.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q, the server is given by -url", fs.Arg(0))
	case s.interval < 100*time.Millisecond:
		return nil, fmt.Errorf("-interval %v is too short, at least 100ms", s.interval)
	case s.timeout <= 0:
		return nil, errors.New("-timeout must be positive")
	case s.looks < 0 || s.max < 0 || s.maxAge < 0 || s.old < 0 || s.idle < 0:
		return nil, errors.New("-n, -max, -max-age, -old and -idle must not be negative")
	case (*cert == "") != (*key == ""):
		return nil, errors.New("-cert and -key need each other")
	}
	if *name != "" {
		re, err := regexp.Compile(*name)
		if err != nil {
			return nil, fmt.Errorf("-name: %w", err)
		}
		s.name = re
	}

	o, err := redis.ParseURL(cmp.Or(*rawURL, getenv("REDIS_URL"), "redis://localhost:6379"))
	if err != nil {
		// url.Error has the whole URL in its text, with the password.
		if u := (*url.Error)(nil); errors.As(err, &u) {
			err = u.Err
		}
		return nil, fmt.Errorf("-url: %w", err)
	}
	o.Username = cmp.Or(*user, o.Username)
	o.Password = cmp.Or(o.Password, getenv("REDISCLI_AUTH"))
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = s.timeout, s.timeout, s.timeout
	if s.cluster {
		o.DB = 0
	}
	s.options = o
	if o.TLSConfig == nil {
		if *ca != "" || *cert != "" || *insecure {
			return nil, errors.New("-cacert, -cert and -insecure are for TLS, which needs a URL with rediss://")
		}
		return s, nil
	}
	return s, trust(o.TLSConfig, *ca, *cert, *key, *insecure)
}

// trust completes the settings of TLS.
func trust(config *tls.Config, ca, cert, key string, insecure bool) error {
	config.InsecureSkipVerify = insecure
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return fmt.Errorf("-cacert: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return fmt.Errorf("-cacert: %s has no certificate", ca)
		}
	}
	if cert != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return fmt.Errorf("-cert: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return nil
}
