package catalog

import "mgslog/parser"

// The Security Guard page has the same meaning under several numbers, one for
// each of its modules. What is said of one meaning is said here once.
var (
	guardBadParameter = Text{"Invalid parameter", "参数不正确"}
	guardBadPicture   = Text{"Picture file does not belong to this app", "图片文件有问题"}
	guardNoPicture    = Text{"Picture file not found", "没有找到图片文件"}
	guardBadFormat    = Text{"Picture file has a wrong format", "图片文件格式有问题"}
	guardBadContent   = Text{"Picture file has wrong content", "图片文件内容不正确"}
	guardKeyAbsent    = Text{"Key is not in the picture file", "图片文件中没有该 key"}
	guardKeyIllegal   = Text{"Illegal key", "key 非法"}
	guardNoMemory     = Text{"Out of memory", "内存不足"}
	guardNoIndex      = Text{"No key at this index", "指定索引的 key 不存在"}
	guardOldPicture   = Text{"Picture version too low", "图片版本太低"}
	guardUnknown      = Text{"Unknown error", "未知错误"}

	causeBadParameter = Text{
		"A parameter passed to Security Guard is not valid.",
		"传给无线保镖接口的参数不正确。",
	}
	causeBundleID = Text{
		"The picture file does not fit the app; as a rule it was generated for a bundle id other than that of the running app.",
		"图片文件与应用不匹配，一般是生成图片时填写的 bundle id 与当前应用不一致。",
	}
	causeNoPictureProject = Text{
		"Security Guard did not find its picture file in the project.",
		"无线保镖没有在工程目录中找到图片文件。",
	}
	causeBadFormat = Text{
		"The picture file was found, but it cannot be read as a Security Guard picture.",
		"找到了图片文件，但其格式有问题，无法读取。",
	}
	causeBadContent = Text{
		"The picture file can be read, but what it contains is not correct.",
		"图片文件可以读取，但其中的内容不正确。",
	}
	causeKeyAbsent = Text{
		"The key named in the call is not contained in the picture file.",
		"参数指定的 key 在图片文件中不存在。",
	}
	causeKeyIllegal = Text{
		"The key passed in is not a legal key.",
		"传入的 key 不合法。",
	}
	causeNoMemory = Text{
		"The device had not enough free memory for the operation.",
		"设备可用内存不足，操作无法完成。",
	}
	causeNoIndex = Text{
		"There is no key at the index that the call asks for.",
		"调用指定的索引处没有 key。",
	}
	causeOldPicture = Text{
		"The picture was generated in an older version than this Security Guard requires.",
		"图片的版本太低，不满足当前无线保镖的要求。",
	}
	causeUnknown = Text{
		"Security Guard failed for a reason that it does not name.",
		"无线保镖发生了未指明原因的错误。",
	}

	stepCheckParameter = Text{
		"Find the caller in the stack trace and check what it passes to Security Guard: empty values, appId, key name.",
		"从堆栈中找到调用方，检查传给无线保镖的参数：是否为空，appId、key 名称是否正确。",
	}
	stepParameterConfig = Text{
		"If mPaaS itself is the caller, its values come from the app's configuration file: download that from the console again and replace it.",
		"如果调用方是 mPaaS 自身，参数来自应用配置文件：从控制台重新下载并替换。",
	}
	stepBundleID = Text{
		"Compare the bundle id in Xcode with the one that was entered when the picture was generated; they must agree in every letter.",
		"对比 Xcode 中的 bundle id 与生成图片时填写的 bundle id，必须完全一致。",
	}
	stepPictureInProject = Text{
		"Check that the picture file is in the project's directory and is packed into the app (Android: a file starting with `yw` in `drawable` of the apk; iOS: in the app's bundle).",
		"确认图片文件在工程目录下，并且已打进安装包（Android：apk 的 `drawable` 下以 `yw` 开头的文件；iOS：在应用 bundle 内）。",
	}
	stepKeyInPicture = Text{
		"Check which key the caller names and with which keys the picture was generated; correct the name or generate the picture with that key.",
		"核对调用方使用的 key 与生成图片时包含的 key；修正名称，或重新生成包含该 key 的图片。",
	}
	stepFreeMemory = Text{
		"Try again. If it recurs on ordinary devices, look for memory that the app uses up, in the log before the error.",
		"重试。如果在普通设备上反复出现，从报错前的日志排查 App 的内存占用。",
	}
	stepUpgradePicture = Text{
		"Download the current picture for this app (or generate it with the current plug-in), replace the old one and rebuild.",
		"重新下载（或用最新插件生成）当前应用的新版图片，替换旧图片后重新编译。",
	}
	stepPluginNamed = Text{
		"Read the name printed next to the error, add that plug-in to the project and rebuild.",
		"按报错时一并打印的插件名，在工程中引入该插件后重新编译。",
	}

	noteBundleID = Text{
		"The page explains this number by the bundle id, thus for iOS. For Android compare the signature of the apk, as 302 says.",
		"文档以 bundle id 解释该错误，针对的是 iOS；Android 可参照 302，对比 apk 签名。",
	}
	noteGuardCode = Text{
		"A Security Guard code is not a gateway result code: it stands in the client's log only. When signing fails because of it, the gateway answers with a 7XXX code, mostly 7001 or 7014.",
		"无线保镖错误码不是网关结果码，只出现在客户端日志中。因此导致签名失败时，网关会返回 7XXX，多为 7001 或 7014。",
	}
	noteStatic = Text{
		"The page lists this number under encryption and decryption of static data.",
		"文档把该编号归在“静态数据加解密错误码”一类。",
	}
)

// securityGuardEntries returns the codes of the signing SDK. They hold on
// Android and iOS alike.
//
// The part of the page after 403, with its third group of codes, was not
// public in a form that could be read; so 607 and 608 are here from captures
// alone.
func securityGuardEntries() []Entry {
	entries := family(Entry{
		Platform:   parser.SecurityGuard,
		Side:       Client,
		Documented: true,
		Look:       []Text{lookGuard},
		Sources:    []Source{guardPage},
	}, []Entry{
		{
			Code: 101, Title: guardBadParameter, Cause: causeBadParameter,
			Remedy: []Text{stepCheckParameter, stepParameterConfig},
			Sample: sampleSGError("101"),
		},
		{
			Code:  102,
			Title: Text{"Main plug-in failed to initialise", "主插件初始化失败"},
			Cause: Text{
				"The main plug-in of Security Guard could not be initialised, so nothing of it works.",
				"无线保镖主插件初始化失败，其所有功能都不可用。",
			},
			Remedy: []Text{
				{
					"Read the log lines before the error: a missing plug-in (103, 105), a wrong version (106, 107) or a picture error (121 to 124) there is the cause. Repair that first.",
					"查看报错之前的日志：如果先出现了插件缺失（103、105）、版本不符（106、107）或图片错误（121–124），那就是原因，先解决它。",
				},
				{
					"If there is none, integrate the Security Guard component of this mPaaS version anew and rebuild from clean.",
					"如果没有，重新集成当前 mPaaS 基线对应的无线保镖组件，清理后重新编译。",
				},
			},
			Sample: sampleSecException("102"),
		},
		{
			Code:  103,
			Title: Text{"Required plug-in is missing", "依赖的插件没有引入"},
			Cause: Text{
				"Security Guard depends on a plug-in that the app does not contain. Its name is printed with the error.",
				"无线保镖依赖的某个插件没有引入，报错时会打印缺失的插件名。",
			},
			Remedy: []Text{stepPluginNamed},
			Sample: sampleSGError("103"),
		},
		{
			Code:  104,
			Title: Text{"Plug-in present but not loaded", "插件已引入但加载失败"},
			Cause: Text{
				"The plug-in is in the project but could not be loaded; as a rule the linker left it out because Other Linker Flags lacks -all_load or -ObjC (iOS).",
				"插件已引入但加载失败，一般是因为 Other Linker Flags 中没有添加 -all_load 或 -ObjC（iOS）。",
			},
			Remedy: []Text{
				{
					"In Xcode open Build Settings > Other Linker Flags of the app's target, add `-ObjC` (or `-all_load`) and rebuild.",
					"在 Xcode 中打开应用 Target 的 Build Settings > Other Linker Flags，添加 `-ObjC`（或 `-all_load`）后重新编译。",
				},
				{
					"Check that every configuration (Debug, Release) has the flag.",
					"确认 Debug、Release 等所有配置都已添加。",
				},
			},
			Sample: sampleSGError("104"),
		},
		{
			Code:  105,
			Title: Text{"Plug-in needed by another plug-in is missing", "插件的依赖插件没有引入"},
			Cause: Text{
				"A plug-in is present, but another plug-in that it needs is not. The missing name is printed with the error.",
				"插件已引入，但它所依赖的另一个插件没有引入，报错时会打印缺失的插件名。",
			},
			Remedy: []Text{stepPluginNamed},
			Sample: sampleSecException("105"),
		},
		{
			Code:  106,
			Title: Text{"Plug-in needed by another plug-in has the wrong version", "依赖插件的版本不符合要求"},
			Cause: Text{
				"A plug-in is present, but the plug-in that it needs has a version it cannot work with. The version required is printed with the error.",
				"插件已引入，但它所依赖的插件版本不符合要求，报错时会打印所需的版本号。",
			},
			Remedy: []Text{{
				"Set the plug-in to the version that is printed, and rebuild. Take all Security Guard parts from one mPaaS version.",
				"把该插件改为打印出的版本后重新编译；无线保镖的各部分应取自同一个 mPaaS 基线。",
			}},
			Sample: sampleSGError("106"),
		},
		{
			Code:  107,
			Title: Text{"Plug-in has the wrong version", "插件版本不符合要求"},
			Cause: Text{
				"The plug-in is present, but its own version does not meet the requirement.",
				"插件已引入，但其自身版本不符合要求。",
			},
			Remedy: []Text{{
				"Update the plug-in so that all Security Guard parts come from one mPaaS version. Look also for another Alibaba SDK that brings its own, different Security Guard.",
				"更新该插件，使无线保镖各部分取自同一个 mPaaS 基线；同时检查是否有其他阿里系 SDK 带入了不同版本的无线保镖。",
			}},
			Sources: []Source{conflictPage},
			Sample:  sampleSecException("107"),
		},
		{
			Code:  108,
			Title: Text{"Required resource is missing", "依赖的资源没有引入"},
			Cause: Text{
				"The plug-in is present, but a resource that it needs is not in the app.",
				"插件已引入，但它依赖的资源没有引入。",
			},
			Remedy: []Text{{
				"Add the resource files that belong to this plug-in, check that the build copies them into the app, and rebuild.",
				"引入该插件对应的资源文件，确认构建时已打包进应用，然后重新编译。",
			}},
			Sample: sampleSGError("108"),
		},
		{
			Code:  109,
			Title: Text{"Required resource has the wrong version", "依赖资源的版本不符合要求"},
			Cause: Text{
				"The plug-in is present, but a resource that it needs has an unsuitable version.",
				"插件已引入，但它依赖的资源版本不符合要求。",
			},
			Remedy: []Text{{
				"Replace the resource files by those that come with the plug-in's version, and rebuild from clean so that no old copy remains.",
				"换成与插件版本配套的资源文件，清理后重新编译，避免残留旧文件。",
			}},
			Sample: sampleSecException("109"),
		},
		{
			Code: 121, Title: guardBadPicture, Cause: causeBundleID,
			Remedy: []Text{stepBundleID, stepRegenerate},
			Notes:  []Text{noteBundleID},
			Sample: sampleSGError("121"),
		},
		{
			Code: 122, Title: guardNoPicture, Cause: causeNoPictureProject,
			Remedy: []Text{stepPictureInProject, stepRegenerate},
			Sample: sampleSecException("122"),
		},
		{
			Code: 123, Title: guardBadFormat, Cause: causeBadFormat,
			Remedy:  []Text{stepRegenerate, stepGuardOthers},
			Sources: []Source{issueAlibc, conflictPage},
			Sample:  sampleSecException("123"),
		},
		{
			Code: 124, Title: guardOldPicture, Cause: causeOldPicture,
			Remedy: []Text{stepUpgradePicture},
			Sample: sampleSGError("124"),
		},
		{
			Code:  125,
			Title: Text{"Initialisation with authcode failed", "authcode 初始化错误"},
			Cause: Text{
				"Security Guard was initialised with an authcode, and that failed. The page says no more.",
				"使用 authcode 初始化无线保镖时出错，文档没有给出更多说明。",
			},
			Remedy: []Text{
				{
					"Compare the authCode in the app's configuration file with the suffix of the picture's name (`yw_1222_AUTHCODE.jpg`) in the built package; they must agree.",
					"对比应用配置文件中的 authCode 与安装包内图片文件名的后缀（`yw_1222_AUTHCODE.jpg`），两者必须一致。",
				},
				stepRegenerate,
			},
			Sources: []Source{conflictPage},
			Sample:  sampleSecException("125"),
		},
		{
			Code: 199, Title: guardUnknown, Cause: causeUnknown,
			Remedy: []Text{stepRetryThenReport},
			Sample: sampleSGError("199"),
		},
		{
			Code: 201, Title: guardBadParameter, Cause: causeBadParameter,
			Remedy: []Text{stepCheckParameter, stepParameterConfig},
			Sample: sampleSecException("201"),
		},
		{
			Code: 202, Title: guardBadPicture, Cause: causeBundleID,
			Remedy: []Text{stepBundleID, stepRegenerate},
			Notes:  []Text{noteBundleID},
			Sample: sampleSGError("202"),
		},
		{
			Code: 203, Title: guardNoPicture, Cause: causeNoPictureProject,
			Remedy: []Text{stepPictureInProject, stepRegenerate},
			Sample: sampleSecException("203"),
		},
		{
			Code: 204, Title: guardBadFormat, Cause: causeBadFormat,
			Remedy:  []Text{stepRegenerate, stepGuardOthers},
			Sources: []Source{conflictPage},
			Sample:  sampleSGError("204"),
		},
		{
			Code: 205, Title: guardBadContent, Cause: causeBadContent,
			Remedy: []Text{stepRegenerate},
			Sample: sampleSecException("205"),
		},
		{
			Code: 206, Title: guardKeyAbsent, Cause: causeKeyAbsent,
			Remedy: []Text{stepKeyInPicture},
			Sample: sampleSGError("206"),
		},
		{
			Code: 207, Title: guardKeyIllegal, Cause: causeKeyIllegal,
			Remedy: []Text{stepCheckParameter, stepKeyInPicture},
			Sample: sampleSecException("207"),
		},
		{
			Code: 208, Title: guardNoMemory, Cause: causeNoMemory,
			Remedy: []Text{stepFreeMemory},
			Sample: sampleSGError("208"),
		},
		{
			Code: 209, Title: guardNoIndex, Cause: causeNoIndex,
			Remedy: []Text{stepCheckParameter, stepKeyInPicture},
			Sample: sampleSecException("209"),
		},
		{
			Code: 212, Title: guardOldPicture, Cause: causeOldPicture,
			Remedy: []Text{stepUpgradePicture},
			Sample: sampleSGError("212"),
		},
		{
			Code: 299, Title: guardUnknown, Cause: causeUnknown,
			Remedy: []Text{stepRetryThenReport},
			Sample: sampleSecException("299"),
		},
		{
			Code: 301, Title: guardBadParameter, Cause: causeBadParameter,
			Remedy: []Text{stepCheckParameter, stepParameterConfig},
			Notes:  []Text{noteStatic},
			Sample: sampleSecException("301"),
		},
		{
			Code:  302,
			Title: guardBadPicture,
			Cause: Text{
				"The picture file does not fit the app; as a rule it was made from an apk with another signature than the one that is running.",
				"图片文件与应用不匹配，一般是获取图片时所用 apk 的签名与当前运行程序的 apk 签名不一致。",
			},
			Remedy: []Text{
				{
					"Compare both signatures: `apksigner verify --print-certs APP.apk` for the installed apk and for the one that was uploaded to the console. Debug and release builds are signed with different keys.",
					"对比签名：分别对已安装的 apk 和上传到控制台的 apk 执行 `apksigner verify --print-certs APP.apk`。Debug 包与 Release 包的签名不同。",
				},
				{
					"Generate the picture from exactly the apk that is installed, replace it in the project and rebuild.",
					"用当前程序的 apk 重新生成图片，替换工程中的旧图片后重新编译。",
				},
			},
			Notes: []Text{noteStatic, {
				"The page explains this number by the apk, thus for Android. For iOS compare the bundle id, as 121 says.",
				"文档以 apk 签名解释该错误，针对的是 Android；iOS 可参照 121，对比 bundle id。",
			}},
			Sample: sampleSecException("302"),
		},
		{
			Code:  303,
			Title: guardNoPicture,
			Cause: Text{
				"Security Guard did not find its picture file in `res\\drawable` (Android).",
				"无线保镖没有在 `res\\drawable` 目录下找到图片文件（Android）。",
			},
			Remedy: []Text{stepPictureInProject, {
				"If the file is in the project but not in the apk, look for resource shrinking that removes it, and exempt it there.",
				"如果工程中有而 apk 中没有，检查是否被资源压缩移除，并将其加入保留名单。",
			}},
			Notes:  []Text{noteStatic},
			Sample: sampleSecException("303"),
		},
		{
			Code:  304,
			Title: guardBadFormat,
			Cause: Text{
				"The picture file cannot be read. A frequent reason is a picture made for Alibaba's own apps used together with one for outside apps; the two kinds are not compatible.",
				"图片文件格式有问题。常见原因是二方图片与三方图片混用，两者互不兼容，需要各自生成。",
			},
			Remedy:  []Text{stepRegenerate, stepGuardOthers},
			Notes:   []Text{noteStatic},
			Sources: []Source{conflictPage},
			Sample:  sampleSecException("304"),
		},
		{
			Code: 305, Title: guardBadContent, Cause: causeBadContent,
			Remedy: []Text{stepRegenerate},
			Notes:  []Text{noteStatic},
			Sample: sampleSGError("305"),
		},
		{
			Code: 306, Title: guardKeyAbsent, Cause: causeKeyAbsent,
			Remedy: []Text{stepKeyInPicture},
			Notes:  []Text{noteStatic},
			Sample: sampleSecException("306"),
		},
		{
			Code: 307, Title: guardKeyIllegal, Cause: causeKeyIllegal,
			Remedy: []Text{stepCheckParameter, stepKeyInPicture},
			Notes:  []Text{noteStatic},
			Sample: sampleSGError("307"),
		},
		{
			Code: 308, Title: guardNoMemory, Cause: causeNoMemory,
			Remedy: []Text{stepFreeMemory},
			Notes:  []Text{noteStatic},
			Sample: sampleSecException("308"),
		},
		{
			Code: 309, Title: guardNoIndex, Cause: causeNoIndex,
			Remedy: []Text{stepCheckParameter, stepKeyInPicture},
			Notes:  []Text{noteStatic},
			Sample: sampleSGError("309"),
		},
		{
			Code:  310,
			Title: Text{"Data cannot be decrypted", "待解密数据不可解密"},
			Cause: Text{
				"What was passed in for decryption is not data that Security Guard encrypted.",
				"传入的待解密数据不是可解密的数据。",
			},
			Remedy: []Text{
				{
					"Check that the caller passes the bytes exactly as the encryption returned them: not cut, not decoded or encoded once more, not plain text.",
					"检查调用方传入的数据与加密时返回的完全一致：没有被截断、没有多做或少做编码，也不是明文。",
				},
				{
					"If the data were stored by an older version of the app, have its developers check in which form that version wrote them.",
					"如果数据是旧版 App 存储的，请客户端开发核对旧版写入时的格式。",
				},
			},
			Notes:  []Text{noteStatic},
			Sample: sampleSecException("310"),
		},
		{
			Code:  311,
			Title: Text{"Data and key do not match", "待解密数据与密钥不匹配"},
			Cause: Text{
				"The data were encrypted with another key than the one used to decrypt them.",
				"加密这份数据所用的密钥与解密时使用的密钥不一致。",
			},
			Remedy: []Text{
				{
					"Check that encryption and decryption name the same key.",
					"检查加密与解密使用的是否为同一个 key。",
				},
				{
					"If the picture was exchanged in an update, check whether the data were encrypted with a key of the old one; the new one then needs that key too.",
					"如果升级时更换过图片，检查这份数据是否用旧图片中的 key 加密；如果是，新图片也必须包含该 key。",
				},
			},
			Notes:  []Text{noteStatic},
			Sample: sampleSGError("311"),
		},
		{
			Code: 312, Title: guardOldPicture, Cause: causeOldPicture,
			Remedy: []Text{stepUpgradePicture},
			Notes:  []Text{noteStatic},
			Sample: sampleSecException("312"),
		},
		{
			Code: 399, Title: guardUnknown, Cause: causeUnknown,
			Remedy: []Text{stepRetryThenReport},
			Notes:  []Text{noteStatic},
			Sample: sampleSGError("399"),
		},
		{
			Code: 401, Title: guardBadParameter, Cause: causeBadParameter,
			Remedy: []Text{stepCheckParameter, stepParameterConfig},
			Sample: sampleSecException("401"),
		},
		{
			Code: 402, Title: guardNoMemory, Cause: causeNoMemory,
			Remedy: []Text{stepFreeMemory},
			Sample: sampleSGError("402"),
		},
		{
			Code:  403,
			Title: Text{"Failed to read system properties", "获取系统属性失败"},
			Cause: Text{
				"Security Guard could not read properties of the device's system.",
				"无线保镖获取设备的系统属性失败。",
			},
			Remedy: []Text{stepRetryThenReport},
			Notes: []Text{{
				"The page goes on with a request to confirm something; that part of the sentence was not readable in any copy at hand.",
				"文档在此之后还要求“请确认……”，但现有的各份副本都在此处截断，未能读到。",
			}},
			Sample: sampleSecException("403"),
		},
		{
			Code:  607,
			Title: Text{"Picture or signature not set up correctly (from reports)", "无线保镖图片或签名配置有误（据公开反馈）"},
			Cause: Text{
				"Reported when the Security Guard picture did not belong to the app: the maintainers' answer was that the picture had not been set up properly.",
				"公开反馈中，该错误出现在无线保镖图片与应用不匹配时；维护者的答复是没有配置好无线保镖图片。",
			},
			Remedy: []Text{
				{
					"Upload the signed apk to the console, download the configuration file that is made from it, put it into the project and rebuild.",
					"在控制台上传已签名的 apk，下载由此生成的配置文件，放到工程中重新编译。",
				},
				stepGuardPicture,
			},
			Sources: []Source{issue11, systemBusyPage},
			Sample:  sampleSecException("607"),
		},
		{
			Code:  608,
			Title: Text{"Signing failed (from captures)", "签名失败（据公开日志）"},
			Cause: Text{
				"Seen in captures when the client tried to sign a request and could not. The request then went out unsigned and the gateway answered 7001.",
				"公开日志中，客户端给请求签名失败时抛出该错误；随后请求未带签名发出，网关返回 7001。",
			},
			Remedy:  []Text{stepGuardConfig, stepGuardPicture, stepGuardOthers},
			Sources: []Source{issue3, issueUmeng, systemBusyPage},
			Sample:  sampleSGError("608"),
		},
	})
	for i := range entries {
		e := &entries[i]
		e.Acts = ClientApp
		if e.Code > 600 {
			e.Documented = false
			e.Sources = e.Sources[1:] // the page could not be read that far
			e.Notes = append(e.Notes, Text{
				"The official wording of this number was not public in a form that could be read; everything here comes from public reports.",
				"该编号的官方说明未能从公开渠道读到，以上内容均来自公开反馈。",
			})
		}
		e.Notes = append(e.Notes, noteGuardCode)
	}
	return entries
}
