using System.CommandLine;
using CodeParrot.Operator.Hosting;

namespace CodeParrot.Operator.Tests.Hosting;

public class OperatorSettingsTests
{
    private readonly Dictionary<string, string> _environment = new() { ["CODEPARROT_OPERATOR_IMAGE"] = "trainer:1" };

    [Fact]
    public void A_flag_wins_over_the_environment_and_that_over_the_default()
    {
        _environment["CODEPARROT_OPERATOR_WORKERS"] = "3";
        _environment["CODEPARROT_OPERATOR_OWN_NAMESPACE"] = "system";

        var options = Bind("--workers", "5", "--progress-interval", "20s");

        Assert.Equal(5, options.Workers);
        Assert.Equal("system", options.OwnNamespace);
        Assert.Equal("trainer:1", options.Manifests.Image);
        Assert.Equal(TimeSpan.FromSeconds(20), options.ProgressInterval);
        Assert.Equal(new OperatorOptions().Qps, options.Qps);
        Assert.Equal("chance", options.Identity);
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void Every_mistake_is_named_with_its_option()
    {
        _environment.Clear();

        var mistakes = Bind("--workers", "0", "--qps", "-1", "--burst", "0", "--progress-interval", "0s")
            .Validate()
            .ToList();

        Assert.Equal(
            ["--image", "--workers", "--qps", "--burst", "--progress-interval"],
            mistakes.Select(m => m.Split(':')[0])
        );
    }

    [Fact]
    public void A_value_that_is_none_is_refused_wherever_it_stands()
    {
        _environment["CODEPARROT_OPERATOR_QPS"] = "many";

        var errors = Parse(out _, "--workers", "few").Errors.Select(e => e.Message).ToList();

        Assert.Contains(errors, e => e.Contains("few", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("CODEPARROT_OPERATOR_QPS", StringComparison.Ordinal));
    }

    private OperatorOptions Bind(params string[] arguments)
    {
        var parsed = Parse(out var settings, arguments);
        Assert.Empty(parsed.Errors);
        return settings.Bind(parsed, "chance");
    }

    private ParseResult Parse(out OperatorSettings settings, params string[] arguments)
    {
        settings = new OperatorSettings(name => _environment.GetValueOrDefault(name));
        var root = new RootCommand();
        foreach (var option in settings.All)
        {
            root.Options.Add(option);
        }

        return root.Parse(arguments);
    }
}
