using System.CommandLine;
using Impetus.Server.Hosting;

namespace Impetus.Server.Cli;

/// <summary>The options that a command takes from the table of settings, each of which is also a variable and a line in a file.</summary>
internal sealed class SettingOptions
{
    private readonly Dictionary<string, Option<string?>> _options = new(StringComparer.Ordinal)
    {
        ["home"] = new("--home") { Description = $"Data directory ({SettingsReader.HomeVariable}).", HelpName = "folder" },
    };

    public SettingOptions()
    {
        foreach (var setting in Setting.All)
            _options[setting.Name] = new(setting.Option) { Description = setting.Help, HelpName = "value" };
    }

    public void AddTo(Command command)
    {
        foreach (var option in _options.Values)
            command.Options.Add(option);
    }

    /// <exception cref="SettingsException">A value is wrong.</exception>
    public ServerSettings Read(ParseResult parsed) =>
        SettingsReader.Read(name => parsed.GetValue(_options[name]), Environment.GetEnvironmentVariable);
}
