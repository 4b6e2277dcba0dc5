-- The newer log: a tree of messages, a thread, one that was forked from it, and one that went back.
CREATE TABLE messages (hash TEXT PRIMARY KEY, parent_hash TEXT, role TEXT, provider_metadata TEXT);
CREATE TABLE parts (id INTEGER PRIMARY KEY, message_hash TEXT, position INTEGER, type TEXT, tool_name TEXT,
  text TEXT, payload TEXT);
CREATE TABLE threads (id TEXT PRIMARY KEY, name TEXT, tip_message_hash TEXT, forked_from TEXT, datetime_utc TEXT);
CREATE TABLE turns (id TEXT PRIMARY KEY, thread_id TEXT, parent_message_hash TEXT, tip_message_hash TEXT,
  model TEXT, resolved_model TEXT, options_json TEXT, schema_id TEXT, input_tokens INTEGER,
  output_tokens INTEGER, token_details TEXT, duration_ms INTEGER, datetime_utc TEXT, response_json TEXT);
CREATE TABLE fragments (id INTEGER PRIMARY KEY, hash TEXT, content TEXT, datetime_utc TEXT, source TEXT);
CREATE TABLE attachments (id TEXT PRIMARY KEY, type TEXT, path TEXT, url TEXT, content BLOB);
CREATE TABLE tools (id INTEGER PRIMARY KEY, hash TEXT, name TEXT, description TEXT, input_schema TEXT, plugin TEXT);
CREATE TABLE turn_tools (turn_id TEXT, tool_id INTEGER, instance_id INTEGER);
INSERT INTO fragments VALUES (1, 'h', 'a long fragment', '2026-01-02', NULL);
INSERT INTO attachments VALUES ('a1', 'image/png', NULL, NULL, x'89504e47');
INSERT INTO tools VALUES (1, 'h', 'add', 'adds', '{"type": "object"}', NULL);
INSERT INTO messages VALUES ('b2:0', NULL, 'system', NULL);
INSERT INTO parts VALUES (1, 'b2:0', 0, 'text', NULL, 'Be brief', NULL);
INSERT INTO messages VALUES ('b2:1', 'b2:0', 'user', NULL);
INSERT INTO parts VALUES (2, 'b2:1', 0, 'text', NULL, NULL, '{"text_ref": [{"fragment": 1}, {"literal": "\nAdd one and one"}]}');
INSERT INTO parts VALUES (3, 'b2:1', 1, 'attachment', NULL, NULL, '{"attachment": {"id": "a1"}}');
INSERT INTO messages VALUES ('b2:2', 'b2:1', 'assistant', NULL);
INSERT INTO parts VALUES (4, 'b2:2', 0, 'reasoning', NULL, 'First I think.', '{"provider_metadata": {"anthropic": {"signature": "c2VhbA=="}}}');
INSERT INTO parts VALUES (5, 'b2:2', 1, 'text', NULL, 'I add.', NULL);
INSERT INTO parts VALUES (6, 'b2:2', 2, 'tool_call', NULL, NULL, '{"name": "add", "arguments": {"a": 1}, "tool_call_id": "call_1"}');
INSERT INTO messages VALUES ('b2:3', 'b2:2', 'tool', NULL);
INSERT INTO parts VALUES (7, 'b2:3', 0, 'tool_result', NULL, NULL, '{"name": "add", "output": "2", "tool_call_id": "call_1"}');
INSERT INTO messages VALUES ('b2:4', 'b2:3', 'assistant', NULL);
INSERT INTO parts VALUES (8, 'b2:4', 0, 'text', NULL, 'Two.', NULL);
INSERT INTO messages VALUES ('b2:5', 'b2:4', 'user', NULL);
INSERT INTO parts VALUES (9, 'b2:5', 0, 'text', NULL, 'And then?', NULL);
INSERT INTO messages VALUES ('b2:6', 'b2:5', 'assistant', NULL);
INSERT INTO parts VALUES (10, 'b2:6', 0, 'text', NULL, 'Then nothing.', NULL);
INSERT INTO parts VALUES (11, 'b2:6', 1, 'from_the_future', NULL, NULL, '{"x": 1}');
INSERT INTO messages VALUES ('b2:7', 'b2:4', 'user', NULL);
INSERT INTO parts VALUES (12, 'b2:7', 0, 'text', NULL, 'Another way', NULL);
INSERT INTO messages VALUES ('b2:8', 'b2:7', 'assistant', NULL);
INSERT INTO parts VALUES (13, 'b2:8', 0, 'text', NULL, 'Fine.', NULL);
INSERT INTO messages VALUES ('b2:9', 'b2:5', 'assistant', NULL);
INSERT INTO parts VALUES (14, 'b2:9', 0, 'text', NULL, 'Then something.', NULL);
INSERT INTO threads VALUES ('t1', 'Adding', 'b2:9', NULL, '2026-01-02T10:00:00+00:00'), ('t2', 'Forked', 'b2:8', 't1', '2026-01-02T10:10:00+00:00');
INSERT INTO turns VALUES ('01a', 't1', 'b2:1', 'b2:2', 'mock', NULL, NULL, NULL, 10, 5, NULL, 1500, '2026-01-02T10:00:00+00:00', NULL);
INSERT INTO turns VALUES ('01b', 't1', 'b2:3', 'b2:4', 'mock', NULL, NULL, NULL, 10, 5, NULL, 1500, '2026-01-02T10:01:00+00:00', NULL);
INSERT INTO turns VALUES ('01c', 't1', 'b2:5', 'b2:6', 'mock', NULL, NULL, NULL, 10, 5, NULL, 1500, '2026-01-02T10:02:00+00:00', NULL);
INSERT INTO turns VALUES ('01d', 't2', 'b2:7', 'b2:8', 'mock', NULL, NULL, NULL, 10, 5, NULL, 1500, '2026-01-02T10:10:00+00:00', NULL);
INSERT INTO turns VALUES ('01e', 't1', 'b2:5', 'b2:9', 'mock', NULL, NULL, NULL, 10, 5, NULL, 1500, '2026-01-02T10:12:00+00:00', NULL);
INSERT INTO turn_tools VALUES ('01a', 1, NULL), ('01b', 1, NULL);
