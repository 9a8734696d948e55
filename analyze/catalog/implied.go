package catalog

import "mgslog/parser"

// Implied says what is known of a code that has no entry: what its range
// implies by the result-code pages, or which other product uses the number.
// It takes no platform, as a number alone is all that is known at that point,
// and always returns a text.
func Implied(c parser.Code) Text {
	switch {
	case c < 0:
		return Text{
			"Not a result code: result codes are not negative.",
			"这不是结果码：结果码不会是负数。",
		}
	case c < 100:
		return Text{
			"No description is known. Numbers below 100 are set by the client SDK on the device, before or after the call to the gateway; the Android and the iOS SDK use them differently.",
			"未找到该编号的说明。100 以下的编号由设备上的客户端 SDK 产生，不是网关返回的；Android 与 iOS 的含义各不相同。",
		}
	case c == 500:
		return Text{
			"The pages describe HTTP status codes on the Android client in two ranges, 400-499 and 100-399 with 501-599. Taken literally 500 is in neither, in both editions, so no meaning is documented for it; as an HTTP status it is \"Internal Server Error\". Do not confuse it with the gateway code 5000.",
			"官方文档把 Android 客户端上的 HTTP 状态码分为 400–499 以及 100–399 加 501–599 两组；按字面理解，500 不属于其中任何一组，两个版本都是如此，因此没有文档含义。作为 HTTP 状态码，它表示“服务器内部错误”。注意不要与网关结果码 5000 混淆。",
		}
	case c < 600:
		return Text{
			"An HTTP status code, as the Android client reports it: the answer came with that status instead of 200.",
			"Android 客户端上报的 HTTP 状态码：响应的 HTTP 状态不是 200，而是该值。",
		}
	case c < 1000:
		return Text{
			"No description is known. The Android client counts every code below 1000 as its own error. In a SecException or after \"SG ERROR:\" a number from 601 on is a Security Guard code (607 and 608 have been seen).",
			"未找到该编号的说明。Android 客户端把 1000 以下的结果码都视为客户端自身的错误。若出现在 SecException 中或 “SG ERROR:” 之后，6xx 是无线保镖错误码（公开日志中见过 607、608）。",
		}
	case c == 1000:
		return Text{
			"The call succeeded; 1000 is the only code of success.",
			"调用成功；1000 是唯一表示成功的结果码。",
		}
	case c == 1004 || c == 1006 || c == 1009:
		return Text{
			"By its range (1001-5999) a gateway error, but no MGS page lists it. It is known from gateways inside Ant Group (1004 human check, 1006 device id check, 1009 system busy), so the record may come from another gateway.",
			"按区间（1001–5999）属于网关错误，但 MGS 文档没有列出。该编号见于蚂蚁内部的其他网关（1004 人机校验、1006 设备 ID 校验、1009 系统繁忙），这条记录可能来自别的网关。",
		}
	case c == 4000:
		return Text{
			"By its range (1001-5999) a gateway error, but no MGS page lists it. In an app's log check whether it is the Alipay payment SDK's resultStatus, which uses 4000 for a failed payment.",
			"按区间（1001–5999）属于网关错误，但 MGS 文档没有列出。若出自 App 日志，请先确认它是不是支付宝支付 SDK 的 resultStatus：在那里 4000 表示支付失败。",
		}
	case c < 6000:
		return Text{
			"By its range (1001-5999) a gateway error; this number itself is not documented. Read the Memo and Tips response headers and, on the gateway host, gateway-error.log. The product SOFA API gateway uses numbers of this range too, with other meanings.",
			"按区间（1001–5999）属于网关错误，但文档没有单独说明该编号。请查看响应头 Memo 和 Tips，以及网关主机上的 gateway-error.log。另外，SOFA API 网关产品也使用这一区间的编号，含义不同。",
		}
	case c < 7000:
		return Text{
			"Probably an error on the business system's side: all documented 6XXX codes are, though no page states this as a range. Look into monitor.log on the business hosts.",
			"很可能是业务系统一侧的错误：已有说明的 6XXX 都属于业务侧，不过文档并未把 6XXX 定义为一个区间。请查看业务主机上的 monitor.log。",
		}
	case c < 8000:
		return Text{
			"By its range (7XXX) an error of signature verification or decryption; this number itself is not documented. Look for a Security Guard error (SecException, SG ERROR) in the client's log just before the call.",
			"按区间（7XXX）属于验签或解密错误，但文档没有单独说明该编号。请在客户端日志中查找紧挨着这次调用之前的无线保镖报错（SecException、SG ERROR）。",
		}
	case c == 8000 || c == 9000:
		return Text{
			"Not an MGS code as far as is documented. The Alipay payment SDK uses the same key resultStatus with 9000 (paid) and 8000 (in process); the record is probably about a payment.",
			"文档中没有这个 MGS 结果码。支付宝支付 SDK 也用 resultStatus 这个键名，9000 表示支付成功，8000 表示处理中；这条记录多半与支付有关。",
		}
	case c < 9000:
		return Text{
			"No meaning is known. Of 8XXX only 8002, the answer to a CORS preflight request, is documented for MGS.",
			"含义未知。8XXX 中 MGS 文档只说明了 8002（跨域预检请求）。",
		}
	}
	return Text{
		"No meaning is known: the number is outside every range that the MGS pages describe. It may belong to another product.",
		"含义未知：该编号不在 MGS 文档描述的任何区间之内，可能属于其他产品。",
	}
}
