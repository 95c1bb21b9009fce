using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Cli.Reports;

/// <summary>Shows a run to the person who started it.</summary>
internal interface IRunReporter
{
    /// <summary>Shows a new observation.</summary>
    void Show(Observed observed);

    /// <summary>Says one thing that stays on the screen.</summary>
    void Say(string line);

    /// <summary>Runs the body while the display is on.</summary>
    Task<T> WhileShownAsync<T>(Func<Task<T>> body);
}
