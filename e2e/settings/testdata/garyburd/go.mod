module github.com/garyburd/redigo
