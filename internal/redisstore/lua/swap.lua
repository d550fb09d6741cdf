-- swap: puts a value in place of the one with a version; it has the next version then.
-- KEYS: vault
-- ARGV: 1 version, 2 value, 3 ttl ms
-- Returns 1 when it is there, also by the same call before, else 0.
local had = call('HMGET', KEYS[1], 'v', 'value')
local version = tonumber(had[1] or 0)
if version == ARGV[1] + 1 and had[2] == ARGV[2] then return 1 end
if version ~= tonumber(ARGV[1]) then return 0 end

call('HSET', KEYS[1], 'v', version + 1, 'value', ARGV[2])
call('PEXPIRE', KEYS[1], ARGV[3])
return 1
