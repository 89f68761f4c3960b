module github.com/mna/redisc

require github.com/gomodule/redigo v1.9.3
