namespace CodeParrot.Storage.S3;

/// <summary>
/// An answer of status 200 that no store gives, such as a proxy's login page; tried again like a broken connection.
/// </summary>
internal sealed class GarbledAnswerException(string message) : IOException(message);
