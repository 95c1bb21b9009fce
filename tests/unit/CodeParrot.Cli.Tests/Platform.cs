// The embedded cluster runs on Linux, and so do its tests.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
