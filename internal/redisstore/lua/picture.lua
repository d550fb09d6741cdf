-- picture: keeps a picture of a question, once.
-- KEYS: q, where pictures are, [p where nothing is kept for a question of which something was erased]
-- ARGV: 1 n, 2 hash, 3 type, space and bytes, 4 most bytes of all
-- Returns ok | unknown | full.
if call('HEXISTS', KEYS[1], ARGV[1] .. '.v') == 0 then return 'unknown' end
if KEYS[3] and call('HEXISTS', KEYS[3], ARGV[1] .. ':erased') == 1 then return 'unknown' end
local field = ARGV[1] .. ':' .. ARGV[2]
if call('HEXISTS', KEYS[2], field) == 1 then
  call('HSET', KEYS[2], field, ARGV[3]) -- the same again: WAIT is about the writes of its own connection
  return 'ok'
end
local size = tonumber(call('HGET', KEYS[2], 'size') or 0) + string.len(ARGV[3])
if size > tonumber(ARGV[4]) then return 'full' end

call('HSET', KEYS[2], field, ARGV[3], 'size', size)
return 'ok'
