# Counts a digest log by result code, 5-minute window and operationType. Fields
# are told apart by commas, of which the first stands in the time stamp.
{
	split($0, field, ",")
	n[field[10] " " substr($0, 1, 15) int(substr($0, 16, 1) / 5) * 5 " " field[6]]++
}
END {
	for (key in n) print n[key], key
}
