namespace CodeParrot.Model.Native;

/// <summary>
/// Whether this thread's calls are recorded for a backward pass, for as long as it lives:
/// <c>using var noGradient = GradientMode.Off();</c>.
/// </summary>
internal readonly ref struct GradientMode
{
    private readonly byte _before;

    private GradientMode(byte before) => _before = before;

    /// <summary>Records nothing.</summary>
    public static GradientMode Off() => Set(isOn: false);

    /// <summary>Records, or does not.</summary>
    public static GradientMode Set(bool isOn)
    {
        var before = TorchShim.THSAutograd_isGradEnabled();
        TorchShim.THSAutograd_setGrad(isOn ? (byte)1 : (byte)0);
        return new GradientMode(before);
    }

    /// <summary>Goes back to what was before.</summary>
    public void Dispose() => TorchShim.THSAutograd_setGrad(_before);
}
