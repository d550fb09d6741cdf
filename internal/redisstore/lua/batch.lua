-- batch: takes more new cards under the lease of one, with an intent to post each.
-- KEYS: dirty cards leases
-- ARGV: 1 class, 2 fence, 3 n, 4 most
-- Returns their numbers, the leased one first, or fenced.
local n, most = ARGV[3], tonumber(ARGV[4])
if tonumber(ARGV[1]) ~= NEW or fencing(KEYS[3], NEW, ARGV[2], n) then return 'fenced' end
local all = covered(KEYS[3], NEW)
local from, to = string.format('%.0f', NEW * CLASS), '(' .. string.format('%.0f', NEW * CLASS + LATE)

-- fresh: adds cards in their order that nobody saw and nobody may have posted.
local function fresh()
  local seen, page = 0, 100
  while #all < most do
    local some = call('ZRANGEBYSCORE', KEYS[1], from, to, 'LIMIT', seen, page)
    for _, m in ipairs(some) do
      local c = call('HMGET', KEYS[2], m .. '.s', m .. '.i', m .. '.g')
      if m ~= n and not c[2] and not c[3] and #all < most then all[#all+1] = {m, c[1]} end
    end
    if #some < page then return end
    seen = seen + page
  end
end

if not all then
  local c = call('HMGET', KEYS[2], n .. '.s', n .. '.g')
  local score = tonumber(call('ZSCORE', KEYS[1], n) or 0)
  all = {{n, c[1]}}
  if leased(KEYS[3], NEW)[4] ~= '1' and not c[2] and score >= NEW * CLASS and score < NEW * CLASS + LATE then fresh() end
end

local text, numbers = {}, {}
for i, c in ipairs(all) do
  text[i], numbers[i] = c[1] .. ':' .. c[2], c[1]
end
call('HSET', KEYS[3], NEW .. '.batch', table.concat(text, ' '))
for _, m in ipairs(numbers) do call('HSET', KEYS[2], m .. '.i', '1') end
return numbers
