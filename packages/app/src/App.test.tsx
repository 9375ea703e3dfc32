import { render, screen } from '@testing-library/react';
import App from './App';

describe('App', () => {
  it('opens with the sign-in page, which names the sample users', async () => {
    process.env = {
      NODE_ENV: 'test',
      APP_CONFIG: [
        {
          data: {
            app: { title: 'Test portal', baseUrl: 'http://localhost' },
            backend: { baseUrl: 'http://localhost:7007' },
            auth: {
              providers: {
                demo: {
                  users: [
                    { name: 'olivia', title: 'Olivia Ortega', about: 'Owner' },
                  ],
                },
              },
            },
          },
          context: 'test',
        },
      ] as any,
    };

    render(App.createRoot());

    expect(
      await screen.findByRole(
        'button',
        { name: 'Sign in as Olivia Ortega' },
        // The first render of the whole portal loads every plugin.
        { timeout: 20_000 },
      ),
    ).toBeInTheDocument();
  });
});
