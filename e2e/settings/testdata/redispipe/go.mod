module github.com/joomcode/redispipe
