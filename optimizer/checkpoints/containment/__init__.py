"""How soon units close in around a fugitive, proven: his flight, the net, who can man it."""
