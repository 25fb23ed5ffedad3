namespace Countersign.Settings;

/// <summary>
/// The process cannot start as it is set up, and whoever set it up can change that. The message names the key, what was found and what is allowed; it is shown as
/// it is, without a stack trace.
/// </summary>
public sealed class SettingsException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public SettingsException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
