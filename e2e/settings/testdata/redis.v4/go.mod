module gopkg.in/redis.v4
