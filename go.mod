module mgslog

go 1.26
