namespace CodeParrot.Storage.Local;

/// <summary>A file on its way into the store; deleted unless it was moved into place.</summary>
internal sealed class TemporaryFile(string path, FileStream file) : IDisposable
{
    private bool _isMoved;

    public FileStream File => file;

    public void FlushAndClose()
    {
        file.Flush(flushToDisk: true);
        file.Dispose();
    }

    public void SetModified(DateTime utc) => System.IO.File.SetLastWriteTimeUtc(path, utc);

    public void MoveTo(string target, bool overwrite)
    {
        System.IO.File.Move(path, target, overwrite);
        _isMoved = true;
    }

    public void Dispose()
    {
        file.Dispose();
        if (!_isMoved)
            System.IO.File.Delete(path);
    }
}
