module gopkg.in/redis.v3
