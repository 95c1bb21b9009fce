using System.CommandLine;
using System.Globalization;
using CodeParrot.Contract.Yaml;

namespace CodeParrot.Operator.Hosting;

/// <summary>
/// Makes options of the command line that fall back on the environment: <c>--own-namespace</c> on
/// <c>CODEPARROT_OPERATOR_OWN_NAMESPACE</c>. A value that is none is refused wherever it stands.
/// </summary>
/// <param name="environment">Value of a variable; null for none.</param>
internal sealed class OptionSource(Func<string, string?> environment)
{
    private const string Prefix = "CODEPARROT_OPERATOR_";

    /// <summary>An option that is any text.</summary>
    public Option<string> Text(string name, string description, string otherwise) =>
        Bound(name, description, otherwise, text => text);

    /// <summary>An option with a value to be read.</summary>
    /// <param name="name">As in <c>--workers</c>.</param>
    /// <param name="description">What it does.</param>
    /// <param name="otherwise">Its default.</param>
    /// <param name="parse">Reads a value, or throws <see cref="FormatException"/>.</param>
    public Option<T> Bound<T>(string name, string description, T otherwise, Func<string, T> parse) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = result =>
            {
                var variable = Prefix + name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
                if (environment(variable) is not { Length: > 0 } text)
                {
                    return otherwise;
                }

                try
                {
                    return parse(text);
                }
                catch (Exception e) when (e is FormatException or OverflowException)
                {
                    result.AddError($"{variable}: '{text}' is no value for {name}");
                    return otherwise;
                }
            },
            CustomParser = result =>
            {
                try
                {
                    return parse(result.Tokens[^1].Value);
                }
                catch (Exception e) when (e is FormatException or OverflowException)
                {
                    result.AddError($"{name}: '{result.Tokens[^1].Value}' is no value for it");
                    return otherwise;
                }
            },
        };

    /// <summary>Reads a number.</summary>
    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Reads a whole number.</summary>
    public static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Reads a duration, as in <c>1m30s</c>.</summary>
    public static TimeSpan Duration(string text) =>
        Durations.TryParse(text, out var duration) ? duration : throw new FormatException(text);
}
