-- wrk script of one cell. LOAD_FOLDER holds
--   request    the request as it goes over the wire, with {1}, {2} and {3} where a line's fields belong
--   lines.N    what thread N sends, a line a request, up to three fields with a blank between them
-- LOAD_STATUS and LOAD_CONTAINS say what every answer must be; the others are counted, and the first is shown.
-- LOAD_REPEATS=1 starts again at the first line when the last is sent; otherwise the thread stops and says so.

local folder = os.getenv("LOAD_FOLDER")
local repeats = os.getenv("LOAD_REPEATS") == "1"
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

-- Turns the request into a function that joins its pieces in one step.
local function compile(template)
  local parts, last = {}, 1
  for before, field, after in template:gmatch("(){(%d)}()") do
    table.insert(parts, string.format("%q", template:sub(last, before - 1)))
    table.insert(parts, "f" .. field)
    last = after
  end
  table.insert(parts, string.format("%q", template:sub(last)))
  return loadstring("return function(f1, f2, f3) return " .. table.concat(parts, " .. ") .. " end")()
end

local compose, lines
local wantedStatus, wantedText = tonumber(os.getenv("LOAD_STATUS")), os.getenv("LOAD_CONTAINS")

function init()
  expected, unexpected, firstUnexpected, ranOut = 0, 0, "", false
  local file = assert(io.open(folder .. "/request", "rb"))
  compose = compile(file:read("*a"))
  file:close()
  lines = assert(io.open(folder .. "/lines." .. number, "rb"))
end

function request()
  local line = lines:read("*l")
  if not line and repeats then
    lines:seek("set")
    line = lines:read("*l")
  end
  if not line then
    ranOut = true
    wrk.thread:stop()
    return "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" -- the loop ends before its answer is read
  end
  return compose(line:match("^(%S+) ?(%S*) ?(%S*)"))
end

function response(status, headers, body)
  if status == wantedStatus and body:find(wantedText, 1, true) then
    expected = expected + 1
  else
    unexpected = unexpected + 1
    if unexpected == 1 then firstUnexpected = status .. " " .. body:sub(1, 300):gsub("%s+", " ") end
  end
end

function done(summary, latency)
  local good, bad, sample, out = 0, 0, "", false
  for _, thread in ipairs(threads) do
    good, bad = good + thread:get("expected"), bad + thread:get("unexpected")
    out = out or thread:get("ranOut")
    if sample == "" then sample = thread:get("firstUnexpected") end
  end
  local errors = summary.errors
  local say = function(key, value) io.write("load.", key, "=", tostring(value), "\n") end
  say("microseconds", summary.duration)
  say("expected", good)
  say("unexpected", bad)
  say("sample", sample)
  say("ranOut", out)
  say("connectionErrors", errors.connect + errors.read + errors.write + errors.timeout)
  say("p50", latency:percentile(50))
  say("p99", latency:percentile(99))
end
