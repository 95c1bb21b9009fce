using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace CodeParrot.Trainer.Hosting;

/// <summary>The trainer's log: JSON lines in a cluster, plain lines for people elsewhere.</summary>
internal sealed partial class TrainerLog : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly ILogger _logger;

    private TrainerLog(ServiceProvider services)
    {
        _services = services;
        _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("trainer");
    }

    public static TrainerLog Create(PodEnvironment environment)
    {
        var inCluster = environment is { HasOperator: true, HttpPortFile: null };
        var services = new ServiceCollection();
        services.AddLogging(logging =>
        {
            // Standard output belongs to a command's answer; a pod's log is both streams.
            logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
            if (inCluster)
            {
                logging.AddJsonConsole(o => o.UseUtcTimestamp = true);
            }
            else
            {
                logging.AddConsole(o => o.FormatterName = PlainFormatter.FormatterName);
                logging.AddConsoleFormatter<PlainFormatter, ConsoleFormatterOptions>();
            }
        });
        return new TrainerLog(services.BuildServiceProvider());
    }

    /// <inheritdoc/>
    public void Dispose() => _services.Dispose();
}
