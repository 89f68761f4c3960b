module github.com/mediocregopher/radix.v2
