using MudBlazor;

namespace Countersign.Console.Shell;

/// <summary>Colors and letters. Only fonts that systems have: nothing is fetched from elsewhere.</summary>
internal static class ConsoleTheme
{
    private static readonly string[] Letters = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"];

    public static MudTheme Value { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#2f4bc7",
            Secondary = "#0f766e",
            Success = "#15803d",
            Warning = "#b45309",
            Error = "#b91c1c",
            Info = "#1d6fa5",
            Background = "#f6f7fb",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1b2033",
            DrawerBackground = "#f6f7fb",
            DrawerText = "#3b4258",
            DrawerIcon = "#5a6178",
            TextPrimary = "#1b2033",
            TextSecondary = "#565d73",
            ActionDefault = "#565d73",
            LinesDefault = "#e0e3ec",
            LinesInputs = "#a9b0c2",
            TableLines = "#e6e8f0",
            Divider = "#e0e3ec",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#9db0ff",
            PrimaryContrastText = "#10142a",
            Secondary = "#5eead4",
            Success = "#6ddc93",
            SuccessContrastText = "#06210f",
            Warning = "#f5b95a",
            WarningContrastText = "#2b1a00",
            Error = "#ff8f8f",
            ErrorContrastText = "#2b0606",
            Info = "#7cc4f2",
            InfoContrastText = "#04202f",
            Background = "#12141c",
            Surface = "#1a1d28",
            AppbarBackground = "#1a1d28",
            AppbarText = "#e8eaf3",
            DrawerBackground = "#12141c",
            DrawerText = "#c5cadb",
            DrawerIcon = "#9aa1b8",
            TextPrimary = "#e8eaf3",
            TextSecondary = "#a6adc2",
            ActionDefault = "#a6adc2",
            LinesDefault = "#2c3040",
            LinesInputs = "#5b6279",
            TableLines = "#282c3a",
            Divider = "#2c3040",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "256px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Letters, LetterSpacing = "0" },
            H1 = new H1Typography { FontFamily = Letters, FontSize = "1.5rem", FontWeight = "600", LineHeight = "1.3", LetterSpacing = "-.01em" },
            H2 = new H2Typography { FontFamily = Letters, FontSize = "1.05rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "0" },
            H6 = new H6Typography { FontFamily = Letters, FontSize = "1.1rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "0" },
            Body1 = new Body1Typography { FontFamily = Letters, FontSize = ".9375rem", LineHeight = "1.55", LetterSpacing = "0" },
            Body2 = new Body2Typography { FontFamily = Letters, FontSize = ".875rem", LineHeight = "1.5", LetterSpacing = "0" },
            Caption = new CaptionTypography { FontFamily = Letters, FontSize = ".8125rem", LetterSpacing = "0" },
            Button = new ButtonTypography { FontFamily = Letters, TextTransform = "none", FontWeight = "600", LetterSpacing = "0" },
        },
    };
}
