namespace CodeParrot.Contract.Manifest;

/// <summary>Collects mistakes by field path.</summary>
internal sealed class MistakeList
{
    private readonly List<SpecMistake> _mistakes = [];

    public IReadOnlyList<SpecMistake> All => _mistakes;

    public void Add(string path, string message) => _mistakes.Add(new SpecMistake(path, message));

    public void Check(bool holds, string path, string message)
    {
        if (!holds)
        {
            Add(path, message);
        }
    }

    public void AtLeast(double value, double least, string path) =>
        Check(value >= least, path, $"must be at least {least}, was {value}");

    public void Between(double value, double least, double most, string path) =>
        Check(value >= least && value <= most, path, $"must be between {least} and {most}, was {value}");

    public void Unsupported(bool used, string path, string remedy) =>
        Check(!used, path, $"is not supported by this version; {remedy}");
}
