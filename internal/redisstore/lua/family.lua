-- family: reads a question, what it is merged into, its followers, and some others.
-- KEYS: q
-- ARGV: n, others…
-- Returns n, v, doc, h of each that exists; nothing when the first does not.
local seen, out = {}, {}
local function take(n)
  if seen[n] then return end
  seen[n] = true
  local q = call('HMGET', KEYS[1], n .. '.v', n .. '.doc', n .. '.h')
  if not q[1] then return end
  for _, x in ipairs({n, q[1], q[2], q[3]}) do out[#out+1] = x end
end
take(ARGV[1])
if #out == 0 then return out end
for n in string.gmatch(call('HGET', KEYS[1], ARGV[1] .. '.k') or '', '%d+') do take(n) end
for i = 2, #ARGV do take(ARGV[i]) end
return out
