package catalog

// The samples are made up in the shapes that public pages and captures show;
// none is a line of anybody's log. Samples of one shape differ in the code
// alone, so they are made here.

// sampleGatewayDigest returns a line of gateway-page-digest.log (28 fields,
// the code is the 9th).
func sampleGatewayDigest(result, code string) string {
	return "2026-11-20 02:13:05,123 - (/mgw.htm,response," + result + ",61ms,com.example.order.query,-,84EFA9A281942,default," + code +
		",-,-,-,-,DeviceIdOfTheSampleXyz01,-,-,192.0.2.17,HTTP,JSON,2,2406,F,0a1d76671795111985062829820658,T,ANDROID,61,4,2.0)"
}

// sampleSPIDigest returns a line of the business system's page-digest.log
// (7 fields, the code is the 6th).
func sampleSPIDigest(result, code string) string {
	return "2026-11-20 02:13:05,123 - (com.example.order.query,ANT_CLOUD_APP,3.0.0.20171214,36ms," + result + "," + code +
		",0a1d76671795111985062829820658)"
}

// sampleInvoker returns the line that the Android client logs for a call that
// ended with code.
func sampleInvoker(code string) string {
	return "2026-11-20 02:13:05.123 11581-11723/com.example.app D/mynet_RpcInvoker: [URGENT_DISP_1] RPC,RPC_ERROR,DEBUG,-," +
		"ERR_MSG=com.alipay.mobile.common.rpc.RpcException: RPCException: [" + code + "] : ^API=com.example.order.query^ERR_CODE=" + code + "^"
}

// sampleConstant returns an Android line that names the code by its constant.
func sampleConstant(name string) string {
	return "2026-11-20 02:13:05.123 11581-11723/com.example.app E/HttpCaller: [URGENT_DISP_1] com.example.order.query failed: " + name
}

// sampleDTRpc returns the line that the iOS client logs for an exception;
// reason is its constant, "" if it has none.
func sampleDTRpc(code, reason string) string {
	line := "2026-11-20 02:13:05.123456+0800 Demo[83767:2555863] [mPaaSLog] APMobileNetwork com.example.order.query DTRpcException code=" + code
	if reason != "" {
		line += " reason=" + reason
	}
	return line
}

// sampleSecException returns the line of a Security Guard error on Android.
func sampleSecException(code string) string {
	return "2026-11-20 02:13:05.123 11581-11723/com.example.app E/SecurityManager: [URGENT_DISP_1] [signature] " +
		"Exception: com.alibaba.wireless.security.open.SecException:  ErrorCode = " + code
}

// sampleSGError returns the line of a Security Guard error on iOS.
func sampleSGError(code string) string {
	return "2026-11-20 02:13:05.123456+0800 Demo[83767:2555863] SG ERROR: " + code
}
