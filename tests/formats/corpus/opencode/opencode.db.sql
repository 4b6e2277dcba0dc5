-- A session with a sub-agent, in those tables of version 1.18 that hold sessions.
CREATE TABLE session (id TEXT PRIMARY KEY, project_id TEXT NOT NULL, workspace_id TEXT, parent_id TEXT,
  slug TEXT NOT NULL, directory TEXT NOT NULL, path TEXT, title TEXT NOT NULL, version TEXT NOT NULL,
  metadata TEXT, cost REAL DEFAULT 0 NOT NULL, tokens_input INTEGER DEFAULT 0 NOT NULL, revert TEXT,
  permission TEXT, agent TEXT, model TEXT, time_created INTEGER NOT NULL, time_updated INTEGER NOT NULL);
CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL, data TEXT NOT NULL);
CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT NOT NULL, session_id TEXT NOT NULL,
  time_created INTEGER NOT NULL, time_updated INTEGER NOT NULL, data TEXT NOT NULL);
CREATE TABLE session_message (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, type TEXT NOT NULL,
  seq INTEGER NOT NULL, time_created INTEGER NOT NULL, time_updated INTEGER NOT NULL, data TEXT NOT NULL);
CREATE TABLE credential (id TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO credential VALUES ('c', 'a secret that is never read');
INSERT INTO session VALUES ('ses_2000000000001AAAAAAAAAAAAAA', 'global', NULL, NULL, 'quick-shop', '/home/me/shop', '', 'Counting files', '1.18.33',
  NULL, 0.001, 250, '{"messageID": "msg_10000000000bAAAAAAAAAAAAAA", "snapshot": "abc"}', NULL, 'build', '{"id":"one","providerID":"mock"}', 1767348000000, 1767348012000);
INSERT INTO message VALUES ('msg_100000000001AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348001000, 1767348001000,
  '{"role": "user", "time": {"created": 1767348001000}, "agent": "build", "model": {"providerID": "mock", "modelID": "one"}}');
INSERT INTO part VALUES ('prt_100000000001BBBBBBBBBBBBBB', 'msg_100000000001AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348001000, 1767348001000,
  '{"type": "text", "text": "Count the files"}');
INSERT INTO part VALUES ('prt_100000000002BBBBBBBBBBBBBB', 'msg_100000000001AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348001000, 1767348001000,
  '{"type": "file", "mime": "image/png", "filename": "a.png", "url": "data:image/png;base64,iVBORw0KGgo="}');
INSERT INTO message VALUES ('msg_100000000002AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348002100, 1767348002100,
  '{"role": "assistant", "parentID": "msg_100000000001AAAAAAAAAAAAAA", "mode": "build", "agent": "build", "path": {"cwd": "/home/me/shop", "root": "/home/me/shop"}, "cost": 0.0002, "tokens": {"input": 50, "output": 9, "reasoning": 2, "cache": {"read": 40, "write": 0}}, "modelID": "one", "providerID": "mock", "time": {"created": 1767348002100, "completed": 1767348002900}, "finish": "tool-calls"}');
INSERT INTO part VALUES ('prt_100000000003BBBBBBBBBBBBBB', 'msg_100000000002AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348002100, 1767348002100,
  '{"type": "step-start", "snapshot": "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}');
INSERT INTO part VALUES ('prt_100000000004BBBBBBBBBBBBBB', 'msg_100000000002AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348002100, 1767348002100,
  '{"type": "reasoning", "text": "I look first.", "metadata": {"anthropic": {"signature": "c2lnbmVk"}}, "time": {"start": 1767348002100, "end": 1767348002200}}');
INSERT INTO part VALUES ('prt_100000000005BBBBBBBBBBBBBB', 'msg_100000000002AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348002100, 1767348002100,
  '{"type": "text", "text": "Let me look.", "time": {"start": 1767348000000, "end": 1767348000001}}');
INSERT INTO part VALUES ('prt_100000000006BBBBBBBBBBBBBB', 'msg_100000000002AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348002100, 1767348002100,
  '{"type": "tool", "tool": "bash", "callID": "call_1", "state": {"status": "completed", "input": {"command": "ls"}, "output": "a.txt\nb.txt\n", "title": "ls", "metadata": {"exit": 0}, "time": {"start": 1767348002300, "end": 1767348002400}}}');
INSERT INTO part VALUES ('prt_100000000007BBBBBBBBBBBBBB', 'msg_100000000002AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348002100, 1767348002100,
  '{"type": "tool", "tool": "bash", "callID": "call_2", "state": {"status": "completed", "input": {"command": "false"}, "output": "", "title": "false", "metadata": {"exit": 1}, "time": {"start": 1767348002300, "end": 1767348002500}}}');
INSERT INTO part VALUES ('prt_100000000008BBBBBBBBBBBBBB', 'msg_100000000002AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348002100, 1767348002100,
  '{"type": "step-finish", "reason": "tool-calls", "snapshot": "4b825dc6", "cost": 0.0002, "tokens": {"total": 101, "input": 50, "output": 9, "reasoning": 2, "cache": {"read": 40, "write": 0}}}');
INSERT INTO message VALUES ('msg_100000000003AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348003100, 1767348003100,
  '{"role": "assistant", "parentID": "msg_100000000001AAAAAAAAAAAAAA", "mode": "build", "agent": "build", "path": {"cwd": "/home/me/shop", "root": "/home/me/shop"}, "cost": 0.0002, "tokens": {"input": 50, "output": 9, "reasoning": 2, "cache": {"read": 40, "write": 0}}, "modelID": "one", "providerID": "mock", "time": {"created": 1767348003100, "completed": 1767348003900}, "finish": "tool-calls"}');
INSERT INTO part VALUES ('prt_100000000009BBBBBBBBBBBBBB', 'msg_100000000003AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348003100, 1767348003100,
  '{"type": "step-start", "snapshot": "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}');
INSERT INTO part VALUES ('prt_10000000000aBBBBBBBBBBBBBB', 'msg_100000000003AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348003100, 1767348003100,
  '{"type": "tool", "tool": "read", "callID": "call_3", "state": {"status": "error", "input": {"filePath": "/none"}, "error": "File not found: /none", "time": {"start": 1767348003100, "end": 1767348003200}}}');
INSERT INTO part VALUES ('prt_10000000000bBBBBBBBBBBBBBB', 'msg_100000000003AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348003100, 1767348003100,
  '{"type": "tool", "tool": "task", "callID": "call_4", "state": {"status": "completed", "input": {"description": "look around", "prompt": "look", "subagent_type": "general"}, "output": "looked", "title": "look around", "metadata": {"sessionId": "ses_1fffffffffff1CCCCCCCCCCCCCC"}, "time": {"start": 1767348003200, "end": 1767348003800}, "attachments": [{"type": "file", "mime": "image/png", "url": "data:image/png;base64,iVBORw0KGgo="}]}}');
INSERT INTO part VALUES ('prt_10000000000cBBBBBBBBBBBBBB', 'msg_100000000003AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348003100, 1767348003100,
  '{"type": "patch", "hash": "abc", "files": ["/home/me/shop/a.txt"]}');
INSERT INTO part VALUES ('prt_10000000000dBBBBBBBBBBBBBB', 'msg_100000000003AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348003100, 1767348003100,
  '{"type": "snapshot", "snapshot": "abc"}');
INSERT INTO part VALUES ('prt_10000000000eBBBBBBBBBBBBBB', 'msg_100000000003AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348003100, 1767348003100,
  '{"type": "step-finish", "reason": "tool-calls", "snapshot": "4b825dc6", "cost": 0.0002, "tokens": {"total": 101, "input": 50, "output": 9, "reasoning": 2, "cache": {"read": 40, "write": 0}}}');
INSERT INTO message VALUES ('msg_100000000004AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348004100, 1767348004100,
  '{"role": "assistant", "parentID": "msg_100000000001AAAAAAAAAAAAAA", "mode": "build", "agent": "build", "path": {"cwd": "/home/me/shop", "root": "/home/me/shop"}, "cost": 0.0002, "tokens": {"input": 50, "output": 9, "reasoning": 2, "cache": {"read": 40, "write": 0}}, "modelID": "one", "providerID": "mock", "time": {"created": 1767348004100, "completed": 1767348004900}, "finish": "stop"}');
INSERT INTO part VALUES ('prt_10000000000fBBBBBBBBBBBBBB', 'msg_100000000004AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348004100, 1767348004100,
  '{"type": "step-start", "snapshot": "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}');
INSERT INTO part VALUES ('prt_100000000010BBBBBBBBBBBBBB', 'msg_100000000004AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348004100, 1767348004100,
  '{"type": "text", "text": "Two files.", "time": {"start": 1767348000000, "end": 1767348000001}}');
INSERT INTO part VALUES ('prt_100000000011BBBBBBBBBBBBBB', 'msg_100000000004AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348004100, 1767348004100,
  '{"type": "step-finish", "reason": "stop", "snapshot": "4b825dc6", "cost": 0.0002, "tokens": {"total": 101, "input": 50, "output": 9, "reasoning": 2, "cache": {"read": 40, "write": 0}}}');
INSERT INTO message VALUES ('msg_100000000005AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348005000, 1767348005000,
  '{"role": "user", "time": {"created": 1767348005000}, "agent": "build", "model": {"providerID": "mock", "modelID": "one"}}');
INSERT INTO part VALUES ('prt_100000000012BBBBBBBBBBBBBB', 'msg_100000000005AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348005000, 1767348005000,
  '{"type": "text", "text": "See the notes"}');
INSERT INTO part VALUES ('prt_100000000013BBBBBBBBBBBBBB', 'msg_100000000005AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348005000, 1767348005000,
  '{"type": "text", "text": "Called the Read tool", "synthetic": true}');
INSERT INTO part VALUES ('prt_100000000014BBBBBBBBBBBBBB', 'msg_100000000005AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348005000, 1767348005000,
  '{"type": "text", "text": "the notes", "synthetic": true}');
INSERT INTO part VALUES ('prt_100000000015BBBBBBBBBBBBBB', 'msg_100000000005AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348005000, 1767348005000,
  '{"type": "file", "mime": "text/plain", "filename": "n.txt", "url": "file:///home/me/shop/n.txt"}');
INSERT INTO part VALUES ('prt_100000000016BBBBBBBBBBBBBB', 'msg_100000000005AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348005000, 1767348005000,
  '{"type": "text", "text": "only shown", "ignored": true}');
INSERT INTO part VALUES ('prt_100000000017BBBBBBBBBBBBBB', 'msg_100000000005AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348005000, 1767348005000,
  '{"type": "agent", "name": "plan"}');
INSERT INTO message VALUES ('msg_100000000006AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348006100, 1767348006100,
  '{"role": "assistant", "parentID": "msg_100000000005AAAAAAAAAAAAAA", "mode": "build", "agent": "build", "path": {"cwd": "/home/me/shop", "root": "/home/me/shop"}, "cost": 0.0002, "tokens": {"input": 50, "output": 9, "reasoning": 2, "cache": {"read": 40, "write": 0}}, "modelID": "one", "providerID": "mock", "time": {"created": 1767348006100, "completed": 1767348006900}, "finish": "stop", "error": {"name": "MessageAbortedError", "data": {"message": "The operation was aborted."}}}');
INSERT INTO part VALUES ('prt_100000000018BBBBBBBBBBBBBB', 'msg_100000000006AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348006100, 1767348006100,
  '{"type": "step-start", "snapshot": "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}');
INSERT INTO part VALUES ('prt_100000000019BBBBBBBBBBBBBB', 'msg_100000000006AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348006100, 1767348006100,
  '{"type": "retry", "attempt": 1, "error": {"name": "APIError", "data": {"message": "busy"}}, "time": {"created": 1767348000000}}');
INSERT INTO part VALUES ('prt_10000000001aBBBBBBBBBBBBBB', 'msg_100000000006AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348006100, 1767348006100,
  '{"type": "text", "text": "I see.", "time": {"start": 1767348000000, "end": 1767348000001}}');
INSERT INTO part VALUES ('prt_10000000001bBBBBBBBBBBBBBB', 'msg_100000000006AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348006100, 1767348006100,
  '{"type": "step-finish", "reason": "stop", "snapshot": "4b825dc6", "cost": 0.0002, "tokens": {"total": 101, "input": 50, "output": 9, "reasoning": 2, "cache": {"read": 40, "write": 0}}}');
INSERT INTO message VALUES ('msg_100000000007AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348007000, 1767348007000,
  '{"role": "user", "time": {"created": 1767348007000}, "agent": "build", "model": {"providerID": "mock", "modelID": "one"}}');
INSERT INTO part VALUES ('prt_10000000001cBBBBBBBBBBBBBB', 'msg_100000000007AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348007000, 1767348007000,
  '{"type": "compaction", "auto": true}');
INSERT INTO message VALUES ('msg_100000000008AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348008100, 1767348008100,
  '{"role": "assistant", "parentID": "msg_100000000007AAAAAAAAAAAAAA", "mode": "compaction", "agent": "compaction", "path": {"cwd": "/home/me/shop", "root": "/home/me/shop"}, "cost": 0.0002, "tokens": {"input": 50, "output": 9, "reasoning": 2, "cache": {"read": 40, "write": 0}}, "modelID": "one", "providerID": "mock", "time": {"created": 1767348008100, "completed": 1767348008900}, "finish": "stop", "summary": true}');
INSERT INTO part VALUES ('prt_10000000001dBBBBBBBBBBBBBB', 'msg_100000000008AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348008100, 1767348008100,
  '{"type": "step-start", "snapshot": "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}');
INSERT INTO part VALUES ('prt_10000000001eBBBBBBBBBBBBBB', 'msg_100000000008AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348008100, 1767348008100,
  '{"type": "text", "text": "Two files were found; the notes were read.", "time": {"start": 1767348000000, "end": 1767348000001}}');
INSERT INTO part VALUES ('prt_10000000001fBBBBBBBBBBBBBB', 'msg_100000000008AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348008100, 1767348008100,
  '{"type": "step-finish", "reason": "stop", "snapshot": "4b825dc6", "cost": 0.0002, "tokens": {"total": 101, "input": 50, "output": 9, "reasoning": 2, "cache": {"read": 40, "write": 0}}}');
INSERT INTO message VALUES ('msg_100000000009AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348009000, 1767348009000,
  '{"role": "user", "time": {"created": 1767348009000}, "agent": "build", "model": {"providerID": "mock", "modelID": "one"}}');
INSERT INTO part VALUES ('prt_100000000020BBBBBBBBBBBBBB', 'msg_100000000009AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348009000, 1767348009000,
  '{"type": "text", "text": "And now?"}');
INSERT INTO part VALUES ('prt_100000000021BBBBBBBBBBBBBB', 'msg_100000000009AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348009000, 1767348009000,
  '{"type": "subtask", "prompt": "check again", "description": "check", "agent": "general"}');
INSERT INTO message VALUES ('msg_10000000000aAAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348010100, 1767348010100,
  '{"role": "assistant", "parentID": "msg_100000000009AAAAAAAAAAAAAA", "mode": "build", "agent": "build", "path": {"cwd": "/home/me/shop", "root": "/home/me/shop"}, "cost": 0.0002, "tokens": {"input": 50, "output": 9, "reasoning": 2, "cache": {"read": 40, "write": 0}}, "modelID": "one", "providerID": "mock", "time": {"created": 1767348010100, "completed": 1767348010900}, "finish": "stop"}');
INSERT INTO part VALUES ('prt_100000000022BBBBBBBBBBBBBB', 'msg_10000000000aAAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348010100, 1767348010100,
  '{"type": "step-start", "snapshot": "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}');
INSERT INTO part VALUES ('prt_100000000023BBBBBBBBBBBBBB', 'msg_10000000000aAAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348010100, 1767348010100,
  '{"type": "tool", "tool": "bash", "callID": "call_5", "state": {"status": "completed", "input": {"command": "cat big"}, "output": "much", "title": "cat big", "metadata": {}, "time": {"start": 1767348010000, "end": 1767348010100, "compacted": 1767348011000}}}');
INSERT INTO part VALUES ('prt_100000000024BBBBBBBBBBBBBB', 'msg_10000000000aAAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348010100, 1767348010100,
  '{"type": "from-the-future", "x": 1}');
INSERT INTO part VALUES ('prt_100000000025BBBBBBBBBBBBBB', 'msg_10000000000aAAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348010100, 1767348010100,
  '{"type": "tool", "tool": "bash", "callID": "call_6", "state": {"status": "running", "input": {"command": "sleep 9"}, "time": {"start": 1767348010200}}}');
INSERT INTO message VALUES ('msg_10000000000bAAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348011000, 1767348011000,
  '{"role": "user", "time": {"created": 1767348011000}, "agent": "build", "model": {"providerID": "mock", "modelID": "one"}}');
INSERT INTO part VALUES ('prt_100000000026BBBBBBBBBBBBBB', 'msg_10000000000bAAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA', 1767348011000, 1767348011000,
  '{"type": "text", "text": "taken back"}');
INSERT INTO session VALUES ('ses_1fffffffffff1CCCCCCCCCCCCCC', 'global', NULL, 'ses_2000000000001AAAAAAAAAAAAAA', 'quick-shop', '/home/me/shop', '', 'look around (@general subagent)', '1.18.33',
  NULL, 0.001, 250, NULL, NULL, 'build', '{"id":"one","providerID":"mock"}', 1767348000000, 1767348012000);
INSERT INTO message VALUES ('msg_100000000301AAAAAAAAAAAAAA', 'ses_1fffffffffff1CCCCCCCCCCCCCC', 1767348003250, 1767348003250,
  '{"role": "user", "time": {"created": 1767348003250}, "agent": "general", "model": {"providerID": "mock", "modelID": "one"}}');
INSERT INTO part VALUES ('prt_100000000f01BBBBBBBBBBBBBB', 'msg_100000000301AAAAAAAAAAAAAA', 'ses_1fffffffffff1CCCCCCCCCCCCCC', 1767348003250, 1767348003250,
  '{"type": "text", "text": "look"}');
INSERT INTO message VALUES ('msg_100000000302AAAAAAAAAAAAAA', 'ses_1fffffffffff1CCCCCCCCCCCCCC', 1767348003300, 1767348003300,
  '{"role": "assistant", "parentID": "msg_100000000301AAAAAAAAAAAAAA", "time": {"created": 1767348003300, "completed": 1767348003700}, "cost": 0, "tokens": {"input": 5, "output": 2, "reasoning": 0, "cache": {"read": 0, "write": 0}}, "modelID": "one", "providerID": "mock"}');
INSERT INTO part VALUES ('prt_100000000f02BBBBBBBBBBBBBB', 'msg_100000000302AAAAAAAAAAAAAA', 'ses_1fffffffffff1CCCCCCCCCCCCCC', 1767348003300, 1767348003300,
  '{"type": "text", "text": "looked"}');
INSERT INTO session_message VALUES ('sm_1', 'ses_2000000000001AAAAAAAAAAAAAA', 'user', 1, 1767348000000, 1767348000000, '{"text":"of a version to come"}');
