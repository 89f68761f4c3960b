module github.com/gogf/gf/v2
